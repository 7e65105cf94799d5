namespace AutoTune.Tuners.CmaEs;

/// <summary>How <see cref="CmaEsExtensions.UseCmaEs{T}"/> searches. Immutable and thread-safe.</summary>
public sealed record CmaEsOptions
{
    /// <summary>
    /// The standard deviation of the first samples in each ordered hyperparameter, as a share of its range on its scale: above 0, at
    /// most 1. Default 0.3: from the middle, one sample in ten lands on an end of the range. Less where the start is known to be good.
    /// </summary>
    public double InitialSigma { get; init; } = 0.3;

    /// <summary>
    /// How many trials make a generation of the first run; at least 4. Default null: 4 + 1.2 ln(d) for d hyperparameters with more than
    /// one value, rounded down. That is less than the 4 + 3 ln(d) of Hansen 2016 (equation 48), which suits thousands of trials; in a
    /// hundred, more generations are worth more than larger ones. Give more for noisy losses, and at least as many as run at a time.
    /// </summary>
    public int? PopulationSize { get; init; }

    /// <summary>What follows when a run no longer gets anywhere. Default <see cref="CmaEsRestarts.Bipop"/>.</summary>
    public CmaEsRestarts Restarts { get; init; } = CmaEsRestarts.Bipop;

    /// <summary>Where the first run begins. Default <see cref="CmaEsStart.BestGiven"/>.</summary>
    public CmaEsStart Start { get; init; } = CmaEsStart.BestGiven;

    internal CmaEsOptions Validated()
    {
        new OptionRules(nameof(CmaEsOptions))
            .Demand(InitialSigma is > 0 and <= 1, nameof(InitialSigma), InitialSigma, "above 0 and at most 1")
            .Demand(PopulationSize is null or >= 4, nameof(PopulationSize), PopulationSize, "at least 4, or null for the rule")
            .Demand(Restarts is CmaEsRestarts.None or CmaEsRestarts.Ipop or CmaEsRestarts.Bipop, nameof(Restarts), (int)Restarts, "None, Ipop or Bipop")
            .Demand(Start is CmaEsStart.Default or CmaEsStart.BestGiven, nameof(Start), (int)Start, "Default or BestGiven")
            .Check();
        return this;
    }
}
