namespace AutoTune.Tuners;

/// <summary>Where a finished trial stands among others, for tuners that look at their order alone.</summary>
/// <param name="Violation">By how much it breaks the study's requirements in all; 0 if none is known to be broken.</param>
/// <param name="Loss">The loss, or the last report of a stopped trial; NaN if there is none.</param>
/// <remarks>
/// Those that meet the requirements come first, by their losses; then those that do not, by how far they are from it (Deb 2000); then those
/// without a loss, all equal.
/// </remarks>
internal readonly record struct Standing(double Violation, double Loss) : IComparable<Standing>
{
    /// <summary>That of a trial without a loss.</summary>
    public static Standing None => new(0, double.NaN);

    /// <summary>Whether there is a loss.</summary>
    public bool HasLoss => !double.IsNaN(Loss);

    public static Standing Of(Trial trial)
    {
        var loss = trial.Outcome switch
        {
            TrialOutcome.Completed completed => completed.Loss,
            TrialOutcome.Stopped => trial.LastReport?.Loss ?? double.NaN,
            _ => double.NaN,
        };
        var violation = 0.0;
        foreach (var by in trial.Violations) violation += Math.Max(by, 0);
        return new Standing(violation, double.IsFinite(loss) ? loss : double.NaN);
    }

    public int CompareTo(Standing other)
    {
        if (!HasLoss || !other.HasLoss) return other.HasLoss.CompareTo(HasLoss);
        return Violation > 0 || other.Violation > 0 ? Violation.CompareTo(other.Violation) : Loss.CompareTo(other.Loss);
    }

    public static bool operator <(Standing left, Standing right) => left.CompareTo(right) < 0;

    public static bool operator >(Standing left, Standing right) => left.CompareTo(right) > 0;
}
