namespace AutoTune.Tuners.Terminator;

/// <summary>When <see cref="TerminatorExtensions.UntilRegretBelowNoise{T}"/> ends a study. Immutable and thread-safe.</summary>
public sealed record TerminatorOptions
{
    /// <summary>
    /// By how much the value of one configuration is uncertain: the standard deviation of its estimate, in the metric's unit, above 0. Default null: from
    /// the repeats of the best trial where the study says that its steps are repeats, or else what the model takes for noise.
    /// </summary>
    public double? Noise { get; init; }

    /// <summary>
    /// Whether repeats are folds of one data set. Their models share data, and the mean over them is less sure than over as many independent ones: its
    /// variance is taken to be 1/k + 1/(k - 1) of a fold's (Nadeau and Bengio 2003), not 1/k. Default true; false for seeds and the like.
    /// </summary>
    public bool RepeatsAreFolds { get; init; } = true;

    /// <summary>
    /// How many standard deviations of the model stand between what it expects and the bounds: above 0. Default 1.5. More end a study later, with less left
    /// and known more surely.
    /// </summary>
    public double Deviations { get; init; } = 1.5;

    /// <summary>How many trials must have ended before the study may: 5 or more. Default 20.</summary>
    public int MinTrials { get; init; } = 20;

    internal TerminatorOptions Validated()
    {
        new OptionRules(nameof(TerminatorOptions))
            .Demand(Noise is null || (Noise > 0 && double.IsFinite(Noise.Value)), nameof(Noise), Noise, "above 0 and finite, or null")
            .Demand(Deviations > 0 && double.IsFinite(Deviations), nameof(Deviations), Deviations, "above 0 and finite")
            .Demand(MinTrials >= 5, nameof(MinTrials), MinTrials, "5 or more")
            .Check();
        return this;
    }
}
