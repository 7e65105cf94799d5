namespace AutoTune.Tuners.Forest;

/// <summary>How <see cref="ForestExtensions.UseForest{T}"/> searches. The defaults suit tens to thousands of trials.</summary>
public sealed record ForestOptions
{
    /// <summary>
    /// How many trials, known points and pending ones included, come before the model's first proposal. Default null: one more than half
    /// the number of hyperparameters that exist at a time, between 4 and 10, and one for each value of the largest choice, up to 4; but at least
    /// the default of each branch and two more.
    /// </summary>
    public int? InitialTrials { get; init; }

    /// <summary>How many trees the forest has. Default 30; a third of them is asked for each trial.</summary>
    public int Trees { get; init; } = 30;

    /// <summary>How many random points and variations of the best trials are looked at before walks lead to better neighbours. Default 1000.</summary>
    public int Candidates { get; init; } = 1000;

    /// <summary>Which share of the trials is drawn at random, from 0 to below 1. Default 0.05.</summary>
    public double RandomShare { get; init; } = 0.05;

    /// <summary>How many trials a tree learns from on average at most. Default 1000.</summary>
    public int MaxTrialsPerTree { get; init; } = 1000;

    internal ForestOptions Validated()
    {
        new OptionRules(nameof(ForestOptions))
            .Demand(InitialTrials is null or >= 1, nameof(InitialTrials), InitialTrials ?? 0, "at least 1, or null for the rule")
            .Demand(Trees >= 2, nameof(Trees), Trees, "at least 2")
            .Demand(Candidates >= 1, nameof(Candidates), Candidates, "at least 1")
            .Demand(RandomShare is >= 0 and < 1, nameof(RandomShare), RandomShare, "from 0 to below 1")
            .Demand(MaxTrialsPerTree >= 10, nameof(MaxTrialsPerTree), MaxTrialsPerTree, "at least 10")
            .Check();
        return this;
    }
}
