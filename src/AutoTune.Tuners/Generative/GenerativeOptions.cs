namespace AutoTune.Tuners.Generative;

/// <summary>How <see cref="GenerativeExtensions.UseGenerative{T}"/> searches. Immutable and thread-safe.</summary>
public sealed record GenerativeOptions
{
    /// <summary>How many trials, known points and pending ones included, come before the generator's first proposal; at least 1. Default 10.</summary>
    public int InitialTrials { get; init; } = 10;

    /// <summary>Which share of the trials, the best, the generator learns to resemble; above 0, below 1. Default 0.2.</summary>
    public double GoodShare { get; init; } = 0.2;

    /// <summary>How many steps both networks learn after each trial; at least 1. Default 40.</summary>
    public int StepsPerTrial { get; init; } = 40;

    /// <summary>How far a weight moves at a step, about; above 0, at most 1. Default 0.01.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Of how many generated configurations the discriminator chooses the next; at least 1. Default 16.</summary>
    public int Candidates { get; init; } = 16;

    /// <summary>Which share of the trials is drawn at random, from 0 to below 1. Default 0.02: the generator itself stays wide at first, and a tenth at random left half as much regret again (decision 37).</summary>
    public double RandomShare { get; init; } = 0.02;

    internal GenerativeOptions Validated()
    {
        new OptionRules(nameof(GenerativeOptions))
            .Demand(InitialTrials >= 1, nameof(InitialTrials), InitialTrials, "at least 1")
            .Demand(GoodShare is > 0 and < 1, nameof(GoodShare), GoodShare, "above 0 and below 1")
            .Demand(StepsPerTrial >= 1, nameof(StepsPerTrial), StepsPerTrial, "at least 1")
            .Demand(LearningRate is > 0 and <= 1, nameof(LearningRate), LearningRate, "above 0 and at most 1")
            .Demand(Candidates >= 1, nameof(Candidates), Candidates, "at least 1")
            .Demand(RandomShare is >= 0 and < 1, nameof(RandomShare), RandomShare, "from 0 to below 1")
            .Check();
        return this;
    }
}
