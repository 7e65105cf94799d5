namespace AutoTune.Tuners.ParticleSwarm;

/// <summary>How <see cref="ParticleSwarmExtensions.UseParticleSwarm{T}"/> searches. Immutable and thread-safe.</summary>
public sealed record ParticleSwarmOptions
{
    /// <summary>
    /// How many particles there are; at least 2. Default null: the root of the study's number of trials, at least 6; 20 in a study without such a limit. (SPSO
    /// 2011 has 40, for thousands of trials.)
    /// </summary>
    public int? Particles { get; init; }

    /// <summary>How much of its velocity a particle keeps (w); from 0 to below 1. Default 1 / (2 ln 2) = 0.721 (SPSO 2011, Clerc 2012).</summary>
    public double Inertia { get; init; } = 0.7213475204444817;

    /// <summary>
    /// How strongly a particle is drawn to its own best point, and to that of its informants (c); above 0, at most 4. Default 1/2 + ln 2 = 1.193
    /// (SPSO 2011); the constriction of Clerc and Kennedy 2002 is an inertia of 0.7298 and an attraction of 1.49618.
    /// </summary>
    public double Attraction { get; init; } = 1.1931471805599454;

    /// <summary>
    /// How many particles, drawn one by one from all of them, each tells of its best point; drawn anew after each round without progress; at least 1. Default
    /// 10: two in three of the ten particles of a hundred trials. The 3 of SPSO 2011 spread news more slowly, for thousands.
    /// </summary>
    public int Informed { get; init; } = 10;

    internal ParticleSwarmOptions Validated()
    {
        new OptionRules(nameof(ParticleSwarmOptions))
            .Demand(Particles is null or >= 2, nameof(Particles), Particles, "at least 2, or null for the rule")
            .Demand(Inertia is >= 0 and < 1, nameof(Inertia), Inertia, "from 0 to below 1")
            .Demand(Attraction is > 0 and <= 4, nameof(Attraction), Attraction, "above 0 and at most 4")
            .Demand(Informed >= 1, nameof(Informed), Informed, "at least 1")
            .Check();
        return this;
    }
}
