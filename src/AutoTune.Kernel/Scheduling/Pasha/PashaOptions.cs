namespace AutoTune.Scheduling;

/// <summary>How <c>UsePasha</c> halves: the rungs are ASHA's, and how far trials go is found out.</summary>
public sealed record PashaOptions
{
    /// <summary>The step of the first rung; 1 or more. Default 1.</summary>
    public int MinBudget { get; init; } = 1;

    /// <summary>How many steps a whole trial has; above MinBudget. Default null: the count of the study's steps, as <c>WithEpochs</c> said it.</summary>
    public int? MaxBudget { get; init; }

    /// <summary>One in how many goes on from rung to rung (η); 2 or more. Default 3.</summary>
    public int Reduction { get; init; } = 3;

    /// <summary>
    /// Which percentile of the distances between trials whose curves cross and cross back counts as a difference that means nothing; 0 to 100. Default 90
    /// (the paper's N).
    /// </summary>
    public double NoisePercentile { get; init; } = 90;
}
