namespace AutoTune.Tuners.Racing;

/// <summary>How <see cref="RacingExtensions.UseRacing{T}"/> stops trials. Immutable and thread-safe.</summary>
public sealed record RacingOptions
{
    /// <summary>
    /// The chance at most that the trial which is to be kept is stopped although it is better than the best completed one by more than the margin of
    /// <see cref="Indifference"/>, over all the looks at it together: above 0, below 0.5. Default 0.05. Exact for repeats with normal differences;
    /// <see cref="Keeps"/> says which trial that is.
    /// </summary>
    public double Error { get; init; } = 0.05;

    /// <summary>
    /// By how much a stopped trial may have been better than the best all the same, in standard errors of such a difference between two means over all
    /// repeats: 0 or more. Default 1, about what all the repeats together cannot tell from noise. For the same proposals it is the study's loss in all, not a trial's share of it. With
    /// 0 the trial to be kept is kept however little it is ahead, and fewer trials are stopped.
    /// </summary>
    public double Indifference { get; init; } = 1;

    /// <summary>Which trial is to be kept. Default <see cref="RaceWinner.OfStudy"/>.</summary>
    public RaceWinner Keeps { get; init; } = RaceWinner.OfStudy;

    /// <summary>
    /// How many of the best completed trials show what each repeat is like and how much trials differ between repeats: 1 or more. Default 8. The
    /// more, the less noise there is in the comparison; but they should be of the best trials' kind.
    /// </summary>
    public int Elites { get; init; } = 8;

    internal RacingOptions Validated()
    {
        new OptionRules(nameof(RacingOptions))
            .Demand(Error is > 0 and < 0.5, nameof(Error), Error, "above 0 and below 0.5")
            .Demand(Keeps is RaceWinner.OfStudy or RaceWinner.InTruth, nameof(Keeps), (int)Keeps, "OfStudy or InTruth")
            .Demand(Indifference >= 0 && double.IsFinite(Indifference), nameof(Indifference), Indifference, "0 or more")
            .Demand(Elites >= 1, nameof(Elites), Elites, "1 or more")
            .Check();
        return this;
    }
}

/// <summary>The trial that a race is to keep.</summary>
public enum RaceWinner
{
    /// <summary>
    /// The one whose mean over all its repeats would be the lowest: what the study would find if every trial ran to its end, but for a margin
    /// (<see cref="RacingOptions.Indifference"/>). For folds of one data
    /// set, where those repeats are all there is.
    /// </summary>
    OfStudy,

    /// <summary>
    /// The one that is best in truth: whose mean over endlessly many repeats is the lowest. For noisy repeats such as seeds; it stops later, since the
    /// best completed trial may owe its place to luck in these repeats.
    /// </summary>
    InTruth,
}
