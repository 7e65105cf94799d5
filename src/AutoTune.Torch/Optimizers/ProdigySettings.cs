namespace AutoTune.Torch;

/// <summary>The settings of one <see cref="AutoTune.Prodigy"/> optimizer. Immutable and thread-safe.</summary>
public sealed record ProdigySettings
{
    /// <summary>By what the found learning rate is multiplied (the paper's gamma), above 0. Default 1; schedules multiply it.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>The decay of the mean of gradients, from 0 to below 1. Default 0.9.</summary>
    public double Beta1 { get; init; } = .9;

    /// <summary>The decay of the mean of their squares, above 0 and below 1; its root is the decay of the distance's sums. Default 0.999.</summary>
    public double Beta2 { get; init; } = .999;

    /// <summary>What is added to the denominator, times the distance; above 0. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The weight decay, decoupled as in AdamW; at least 0. Default 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The first distance (the paper's d0), above 0 and below the true one. Default 1e-6.</summary>
    public double InitialDistance { get; init; } = 1e-6;

    /// <summary>By what the estimated distance is multiplied, above 0. Default 1.</summary>
    public double Coefficient { get; init; } = 1;

    /// <summary>Whether the learning rate is left out of the estimate's denominator, so that small rates of a warm-up do not make it too large. Default false, as the paper has it.</summary>
    public bool SafeguardsWarmUp { get; init; }

    internal IEnumerable<string> Problems()
    {
        if (!(LearningRate > 0 && double.IsFinite(LearningRate))) yield return FormattableString.Invariant($"LearningRate {LearningRate} must be above 0.");
        if (Beta1 is not (>= 0 and < 1)) yield return FormattableString.Invariant($"Beta1 {Beta1} must be from 0 to below 1.");
        if (Beta2 is not (> 0 and < 1)) yield return FormattableString.Invariant($"Beta2 {Beta2} must be above 0 and below 1.");
        if (!(Epsilon > 0)) yield return FormattableString.Invariant($"Epsilon {Epsilon} must be above 0.");
        if (!(WeightDecay >= 0)) yield return FormattableString.Invariant($"WeightDecay {WeightDecay} must be at least 0.");
        if (!(InitialDistance > 0)) yield return FormattableString.Invariant($"InitialDistance {InitialDistance} must be above 0.");
        if (!(Coefficient > 0)) yield return FormattableString.Invariant($"Coefficient {Coefficient} must be above 0.");
    }
}
