namespace AutoTune;

/// <summary>The names of the figures that a pipeline's trial keeps beside those of ML.NET's metrics, which are means over the folds.</summary>
public static class TrialFigures
{
    /// <summary>The standard deviation of the goal's metric over the folds; only with cross-validation.</summary>
    public const string StandardDeviation = "standard deviation";

    /// <summary>Seconds that all fits of the trial took together. As a time it differs from one execution to the next.</summary>
    public const string TrainingSeconds = "training seconds";
}
