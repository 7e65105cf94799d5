namespace AutoTune.Tuners.Genetic;

/// <summary>How <see cref="GeneticExtensions.UseGenetic{T}"/> searches. Immutable and thread-safe.</summary>
public sealed record GeneticOptions
{
    /// <summary>
    /// How many points the population has; at least 2. Default null: half the root of the study's number of trials, at least 6; 10 in a study without such a
    /// limit. More for noisy losses and for many trials at a time.
    /// </summary>
    public int? PopulationSize { get; init; }

    /// <summary>
    /// How many points, drawn at random, compete to become a parent; at least 1. More: sooner at a minimum, sooner at a wrong one. Default 3: a hundred
    /// trials have little time, and the 2 of Goldberg and Deb 1991 left half as much regret again on recorded continuous functions.
    /// </summary>
    public int TournamentSize { get; init; } = 3;

    /// <summary>How likely a child has two parents rather than one; from 0 to 1. Default 0.9 (Deb and others 2002, section IV).</summary>
    public double CrossoverRate { get; init; } = 0.9;

    /// <summary>
    /// How near a child's numbers are to its parents' (η of simulated binary crossover); 0 or more, the larger the nearer. Default 2 (Deb and Agrawal 1995:
    /// 2 to 5 for one objective).
    /// </summary>
    public double CrossoverIndex { get; init; } = 2;

    /// <summary>How likely each hyperparameter of a child is changed; from 0 to 1. Default null: one over the number of hyperparameters (Deb and others 2002).</summary>
    public double? MutationRate { get; init; }

    /// <summary>
    /// How small the changes of numbers are (η of polynomial mutation); 0 or more. A change is about 1 / (η + 2) of the range on its scale. Default 5: steps
    /// of a seventh. The 20 of Deb and others 2002 is for tens of thousands of trials; on recorded problems it left nearly twice as much regret after 100.
    /// </summary>
    public double MutationIndex { get; init; } = 5;

    /// <summary>What leaves a population that is full. Default <see cref="GeneticReplacement.Worst"/>.</summary>
    public GeneticReplacement Replacement { get; init; } = GeneticReplacement.Worst;

    internal GeneticOptions Validated()
    {
        new OptionRules(nameof(GeneticOptions))
            .Demand(PopulationSize is null or >= 2, nameof(PopulationSize), PopulationSize, "at least 2, or null for the rule")
            .Demand(TournamentSize >= 1, nameof(TournamentSize), TournamentSize, "at least 1")
            .Demand(CrossoverRate is >= 0 and <= 1, nameof(CrossoverRate), CrossoverRate, "from 0 to 1")
            .Demand(CrossoverIndex is >= 0 and <= 1000, nameof(CrossoverIndex), CrossoverIndex, "from 0 to 1000")
            .Demand(MutationRate is null or (>= 0 and <= 1), nameof(MutationRate), MutationRate, "from 0 to 1, or null for the rule")
            .Demand(MutationIndex is >= 0 and <= 1000, nameof(MutationIndex), MutationIndex, "from 0 to 1000")
            .Demand(Replacement is GeneticReplacement.Worst or GeneticReplacement.Oldest, nameof(Replacement), (int)Replacement, "Worst or Oldest")
            .Check();
        return this;
    }
}
