namespace AutoTune.Tuners.Architecture;

/// <summary>How <see cref="ArchitectureExtensions.UseArchitectureSearch{T}"/> searches. Immutable and thread-safe.</summary>
public sealed record ArchitectureOptions
{
    /// <summary>How many trials, known points and pending ones included, come before the networks' first proposal; at least 1. Default 6.</summary>
    public int InitialTrials { get; init; } = 6;

    /// <summary>How many networks learn what a configuration gives; what they disagree on is explored. At least 2. Default 5 (White and others 2021, section 4).</summary>
    public int Networks { get; init; } = 5;

    /// <summary>How many steps of descent each network takes, from new first weights, when there are new results; at least 1. Default 300.</summary>
    public int TrainingSteps { get; init; } = 300;

    /// <summary>How many configurations the networks are asked for, half random, half variations of the best; at least 1. Default 1000.</summary>
    public int Candidates { get; init; } = 1000;

    internal ArchitectureOptions Validated()
    {
        new OptionRules(nameof(ArchitectureOptions))
            .Demand(InitialTrials >= 1, nameof(InitialTrials), InitialTrials, "at least 1")
            .Demand(Networks >= 2, nameof(Networks), Networks, "at least 2")
            .Demand(TrainingSteps >= 1, nameof(TrainingSteps), TrainingSteps, "at least 1")
            .Demand(Candidates >= 1, nameof(Candidates), Candidates, "at least 1")
            .Check();
        return this;
    }
}
