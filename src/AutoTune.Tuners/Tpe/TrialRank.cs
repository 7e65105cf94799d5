namespace AutoTune.Tuners.Tpe;

/// <summary>Where a trial stands among others: completed ones by loss, then stopped ones by how far they came, then failures.</summary>
internal readonly record struct TrialRank(int Kind, int Steps, double Loss) : IComparable<TrialRank>
{
    private const int Completed = 0, Stopped = 1, Failed = 2;

    /// <summary>Whether it can count as good.</summary>
    public bool HasLoss => Kind != Failed;

    public static TrialRank Of(Trial trial) => trial.Outcome switch
    {
        TrialOutcome.Completed completed => new TrialRank(Completed, 0, completed.Loss),
        TrialOutcome.Stopped when trial.LastReport is { } last && double.IsFinite(last.Loss) => new TrialRank(Stopped, last.Step, last.Loss),
        _ => new TrialRank(Failed, 0, 0),
    };

    public int CompareTo(TrialRank other)
    {
        if (Kind != other.Kind) return Kind.CompareTo(other.Kind);
        return Steps != other.Steps ? other.Steps.CompareTo(Steps) : Loss.CompareTo(other.Loss);
    }
}
