namespace AutoTune.Tuners.Tpe;

/// <summary>
/// Where a trial stands among others: completed ones by loss, then stopped ones by how far they came, then those that break a requirement by
/// how far they are from it, then failures.
/// </summary>
internal readonly record struct TrialRank(int Kind, int Steps, double Violation, double Loss) : IComparable<TrialRank>
{
    private const int Completed = 0, Stopped = 1, Broken = 2, Failed = 3;

    /// <summary>Whether it can count as good.</summary>
    public bool HasLoss => Kind != Failed;

    public static TrialRank Of(Trial trial) => trial.Outcome switch
    {
        TrialOutcome.Completed completed when !trial.MeetsRequirements => new TrialRank(Broken, 0, Standing.Of(trial).Violation, completed.Loss),
        TrialOutcome.Completed completed => new TrialRank(Completed, 0, 0, completed.Loss),
        TrialOutcome.Stopped when trial.LastReport is { } last && double.IsFinite(last.Loss) => new TrialRank(Stopped, last.Step, 0, last.Loss),
        _ => new TrialRank(Failed, 0, 0, 0),
    };

    public int CompareTo(TrialRank other)
    {
        if (Kind != other.Kind) return Kind.CompareTo(other.Kind);
        if (Steps != other.Steps) return other.Steps.CompareTo(Steps);
        return Violation != other.Violation ? Violation.CompareTo(other.Violation) : Loss.CompareTo(other.Loss);
    }
}
