namespace AutoTune.Tuners.Reinforcement;

/// <summary>How a study stands when the agent chooses: what all networks see.</summary>
/// <param name="Features">Numbers of the order of one, see <see cref="StudyRecord"/>.</param>
/// <param name="Best">The best trial's point; empty while there is none.</param>
/// <param name="BestIsThere">Which of its coordinates count.</param>
internal sealed record Situation(double[] Features, double[] Best, bool[] BestIsThere)
{
    public const int FeatureCount = 6;

    public bool HasBest(int dimension) => Best.Length > 0 && BestIsThere[dimension];
}
