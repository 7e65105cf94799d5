namespace AutoTune.Tuners.DifferentialEvolution;

/// <summary>How <see cref="DifferentialEvolutionExtensions.UseDifferentialEvolution{T}"/> searches. Immutable and thread-safe.</summary>
public sealed record DifferentialEvolutionOptions
{
    /// <summary>
    /// How many points the population has at first; at least 4. Default null: the root of the study's number of trials, at least 6; 20 in a study
    /// without such a limit. (L-SHADE's 18 a coordinate are for ten thousand evaluations a coordinate.)
    /// </summary>
    public int? PopulationSize { get; init; }

    /// <summary>
    /// Whether the population shrinks evenly to 4 by the study's last trial (L-SHADE, Tanabe and Fukunaga 2014, equation 10). Without a limit of trials it
    /// keeps its size in any case. Default true.
    /// </summary>
    public bool Shrinks { get; init; } = true;

    /// <summary>From which share of the best a child's direction is taken (p); above 0, at most 1, and never fewer than two. Default 0.11 (L-SHADE's).</summary>
    public double BestShare { get; init; } = 0.11;

    /// <summary>How many points that gave way are kept for differences, as a multiple of the population; 0 or more. Default 2.6 (L-SHADE's).</summary>
    public double ArchiveRate { get; init; } = 2.6;

    /// <summary>How many entries the memory of good weights and rates has (H); at least 1. Default 6 (L-SHADE's).</summary>
    public int MemorySize { get; init; } = 6;

    internal DifferentialEvolutionOptions Validated()
    {
        new OptionRules(nameof(DifferentialEvolutionOptions))
            .Demand(PopulationSize is null or >= 4, nameof(PopulationSize), PopulationSize, "at least 4, or null for the rule")
            .Demand(BestShare is > 0 and <= 1, nameof(BestShare), BestShare, "above 0 and at most 1")
            .Demand(ArchiveRate is >= 0 and <= 100, nameof(ArchiveRate), ArchiveRate, "from 0 to 100")
            .Demand(MemorySize >= 1, nameof(MemorySize), MemorySize, "at least 1")
            .Check();
        return this;
    }
}
