namespace AutoTune.Tuners.FrugalSearch;

/// <summary>What <see cref="FrugalSearchExtensions.UseFrugalSearch{T}"/> is made of.</summary>
public enum FrugalForm
{
    /// <summary>Local searches beside a global one, as BlendSearch (Wang and others, ICLR 2021).</summary>
    Blend,

    /// <summary>One local search at a time, as CFO (Wu and others, AAAI 2021): for very few trials from a good start.</summary>
    Local,
}
