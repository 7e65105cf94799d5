namespace AutoTune.Tuners.Bohb;

/// <summary>How <see cref="BohbExtensions.UseBohb{T}"/> searches, and the budgets of its brackets.</summary>
public sealed record BohbOptions
{
    /// <summary>The fewest steps a trial may get; 1 or more. Default 1.</summary>
    public int MinBudget { get; init; } = 1;

    /// <summary>How many steps a whole trial has; above MinBudget. Default null: the count of the study's steps, as <c>WithEpochs</c> said it.</summary>
    public int? MaxBudget { get; init; }

    /// <summary>One in how many goes on from rung to rung (η); 2 or more. Default 3.</summary>
    public int Reduction { get; init; } = 3;

    /// <summary>Which share of the trials is drawn at random, from 0 to 1: what keeps Hyperband's guarantee. Default 1/3 (the paper's).</summary>
    public double RandomShare { get; init; } = 1.0 / 3;

    /// <summary>Which share of the trials at a budget counts as good, above 0 and below 1; at least one more than there are hyperparameters do. Default 0.15 (the paper's).</summary>
    public double GoodShare { get; init; } = 0.15;

    /// <summary>How many candidates are drawn from the density of the good trials. Default 64 (the paper's).</summary>
    public int Candidates { get; init; } = 64;

    internal BohbOptions Validated()
    {
        new OptionRules(nameof(BohbOptions))
            .Demand(RandomShare is >= 0 and <= 1, nameof(RandomShare), RandomShare, "from 0 to 1")
            .Demand(GoodShare is > 0 and < 1, nameof(GoodShare), GoodShare, "above 0 and below 1")
            .Demand(Candidates >= 1, nameof(Candidates), Candidates, "at least 1")
            .Check();
        return this;
    }
}
