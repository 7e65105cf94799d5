namespace AutoTune.Tuners.Reinforcement;

/// <summary>A trial as the agent's actions: one hyperparameter after the other, and one reward at the end.</summary>
/// <param name="Situation">How the study stood when it was chosen.</param>
/// <param name="Unit">What was chosen.</param>
/// <param name="IsChosen">Which coordinates count: active, and known where the trial is of an earlier study.</param>
internal sealed record Episode(Situation Situation, double[] Unit, bool[] IsChosen)
{
    /// <summary>The reward.</summary>
    public double Score { get; set; }

    /// <summary>The logarithm of the likelihood that its policy gave it; NaN: somebody else chose.</summary>
    public double LogLikelihood { get; init; } = double.NaN;
}
