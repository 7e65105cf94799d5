namespace AutoTune.Torch;

/// <summary>The settings of one <see cref="AutoTune.Dog"/> optimizer. Immutable and thread-safe.</summary>
public sealed record DogSettings
{
    /// <summary>By what the found learning rate is multiplied, above 0. Default 1; schedules multiply it.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>The first distance as a share of 1 + ‖x_0‖ (the paper's r), above 0. Default 1e-6.</summary>
    public double InitialDistance { get; init; } = 1e-6;

    /// <summary>The weight decay, decoupled, by the rate of the step; at least 0. Default 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>What is added to the sum of squared gradients, above 0. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal IEnumerable<string> Problems()
    {
        if (!(LearningRate > 0 && double.IsFinite(LearningRate))) yield return FormattableString.Invariant($"LearningRate {LearningRate} must be above 0.");
        if (!(InitialDistance > 0)) yield return FormattableString.Invariant($"InitialDistance {InitialDistance} must be above 0.");
        if (!(WeightDecay >= 0)) yield return FormattableString.Invariant($"WeightDecay {WeightDecay} must be at least 0.");
        if (!(Epsilon > 0)) yield return FormattableString.Invariant($"Epsilon {Epsilon} must be above 0.");
    }
}
