namespace AutoTune.Tuners.Tpe;

/// <summary>How <see cref="TpeExtensions.UseTpe{T}"/> searches. The defaults suit hundreds to thousands of trials.</summary>
public sealed record TpeOptions
{
    /// <summary>How many trials, known points and pending ones included, come before the model's first proposal. Default 10.</summary>
    public int InitialTrials { get; init; } = 10;

    /// <summary>How many candidates are drawn from the density of the good trials, for each group of hyperparameters. Default 24.</summary>
    public int Candidates { get; init; } = 24;

    /// <summary>Which share of the trials counts as good, above 0 and below 1. Default 0.1 (Optuna's).</summary>
    public double GoodShare { get; init; } = 0.1;

    /// <summary>How many trials count as good at most. Default 25 (Bergstra and others 2011, Hyperopt).</summary>
    public int MaxGood { get; init; } = 25;

    internal TpeOptions Validated()
    {
        new OptionRules(nameof(TpeOptions))
            .Demand(InitialTrials >= 1, nameof(InitialTrials), InitialTrials, "at least 1")
            .Demand(Candidates >= 1, nameof(Candidates), Candidates, "at least 1")
            .Demand(GoodShare is > 0 and < 1, nameof(GoodShare), GoodShare, "above 0 and below 1")
            .Demand(MaxGood >= 1, nameof(MaxGood), MaxGood, "at least 1")
            .Check();
        return this;
    }
}
