namespace AutoTune.Tuners.GaussianProcess;

/// <summary>How <see cref="GaussianProcessExtensions.UseBayesian{T}"/> searches. The defaults suit losses that take seconds or more.</summary>
public sealed record GaussianProcessOptions
{
    /// <summary>
    /// How many trials, known points and pending ones included, come before the model's first proposal. Default null: one more than half
    /// the number of hyperparameters that exist at a time, between 4 and 10, and one for each value of the largest choice, up to 4, less one for each
    /// branch beside the default's while four are left beside defaults; but at least the default of each branch and two more. Where trials tell gradients and there are no choices, 4 at most.
    /// </summary>
    public int? InitialTrials { get; init; }

    /// <summary>How many random points the acquisition search looks at before it climbs from the best. Default 1000.</summary>
    public int Candidates { get; init; } = 1000;

    /// <summary>From how many points the acquisition search climbs. Default 8.</summary>
    public int Climbs { get; init; } = 8;

    /// <summary>
    /// How many trials the model holds at most, default 500: time grows with their square and cube. Of more, the best and an even
    /// selection of the others are kept.
    /// </summary>
    public int MaxModelTrials { get; init; } = 500;

    /// <summary>
    /// By how much the losses of one configuration differ from evaluation to evaluation. Default <see cref="NoiseLevel.Learnt"/>. With noise
    /// what is to be improved on is the best that the model expects of the trials, not the luckiest.
    /// </summary>
    public NoiseLevel Noise { get; init; } = NoiseLevel.Learnt;

    /// <summary>
    /// Whether the model learns to bend the range of each number that always exists and takes more than five values, for losses that change
    /// much faster at one end of it than at the other: a log scale that was forgotten, a best value at a bound. Default false.
    /// </summary>
    public bool WarpInputs { get; init; }

    /// <summary>
    /// Whether improvement is counted by the second instead of by the trial. Default null: where the study has a time limit (<c>ForAtMost</c>)
    /// that its trials will use up, their times differ by more than a factor of two, and the hyperparameters explain it; there what is not
    /// expected to end in time is avoided too. True: wherever times are known. Measured times make proposals depend on the machine; false avoids that.
    /// </summary>
    public bool? CostAware { get; init; }

    internal GaussianProcessOptions Validated()
    {
        new OptionRules(nameof(GaussianProcessOptions))
            .Demand(InitialTrials is null or >= 1, nameof(InitialTrials), InitialTrials ?? 0, "at least 1, or null for the rule")
            .Demand(Candidates >= 1, nameof(Candidates), Candidates, "at least 1")
            .Demand(Climbs >= 1, nameof(Climbs), Climbs, "at least 1")
            .Demand(MaxModelTrials >= 10, nameof(MaxModelTrials), MaxModelTrials, "at least 10")
            .Check();
        ArgumentNullException.ThrowIfNull(Noise);
        return this;
    }
}
