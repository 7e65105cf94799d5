namespace AutoTune.Tuners.PopulationTraining;

/// <summary>Chooses what a trial goes on with that has taken over another's weights. Pure: the same question, the same answer.</summary>
internal interface IExploration
{
    /// <summary>A configuration of the study's space that meets its constraints.</summary>
    Configuration Explore(ExploreRequest request);
}

/// <summary>A trial that takes over another's weights.</summary>
/// <param name="Study">The study.</param>
/// <param name="Trial">The trial.</param>
/// <param name="Source">The one whose weights it takes.</param>
/// <param name="Round">How often trials had been compared before.</param>
/// <param name="Population">What is known of all members.</param>
/// <param name="Settled">The trials of which it is settled what they go on with after this comparison.</param>
/// <param name="Random">Randomness for this choice.</param>
internal sealed record ExploreRequest(
    StudyView Study, Trial Trial, Trial Source, int Round, PopulationRounds Population, IReadOnlyList<Arrival> Settled, RandomSource Random);
