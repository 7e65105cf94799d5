namespace AutoTune.Tuners.Annealing;

/// <summary>How <see cref="AnnealingExtensions.UseAnnealing{T}"/> searches. Immutable and thread-safe.</summary>
public sealed record AnnealingOptions
{
    /// <summary>
    /// The temperature at which a run begins; above 0, at most 1. It is that of steps and of acceptance alike: at T a step is (1 + 1/T)^0.5 - 1 times T of
    /// the range in the median, and a loss worse by T times the spread of the losses is accepted in 37 of 100 cases. Default 0.1: steps of a quarter.
    /// </summary>
    public double InitialTemperature { get; init; } = 0.1;

    /// <summary>The temperature at which a run ends; above 0, below the initial one. Default 0.0001: steps of a hundredth.</summary>
    public double FinalTemperature { get; init; } = 1e-4;

    /// <summary>
    /// How many trials a run has, from the initial temperature to the final one; at least 2. Then another begins. Default null: the trials of the study, in equal
    /// parts of no more than 300; 150 in a study without such a limit.
    /// </summary>
    public int? RunLength { get; init; }

    /// <summary>How many trials come before the first run: the defaults and a Latin hypercube, of which it begins at the best; at least 1. Default 5.</summary>
    public int InitialTrials { get; init; } = 5;

    internal AnnealingOptions Validated()
    {
        new OptionRules(nameof(AnnealingOptions))
            .Demand(InitialTemperature is > 0 and <= 1, nameof(InitialTemperature), InitialTemperature, "above 0 and at most 1")
            .Demand(FinalTemperature > 0 && !(FinalTemperature >= InitialTemperature), nameof(FinalTemperature), FinalTemperature, "above 0 and below the initial temperature")
            .Demand(RunLength is null or >= 2, nameof(RunLength), RunLength, "at least 2, or null for the rule")
            .Demand(InitialTrials >= 1, nameof(InitialTrials), InitialTrials, "at least 1")
            .Check();
        return this;
    }
}
