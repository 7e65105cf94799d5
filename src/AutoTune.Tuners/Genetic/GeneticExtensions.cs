using AutoTune.Tuners.Forecasts;
using AutoTune.Tuners.Genetic;

namespace AutoTune;

/// <summary>The verb that makes a study search by a genetic algorithm.</summary>
public static class GeneticExtensions
{
    /// <summary>
    /// Searches by a genetic algorithm: children of two good trials each, a little changed. Choices and conditional branches are inherited as they are, so that
    /// it suits spaces that are mostly choices, and losses that only their order makes sense of. Microseconds a proposal, any number at a time.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>In a study limited by its trials the population's size follows the limit: with another limit, other proposals.</remarks>
    public static T UseGenetic<T>(this T study, GeneticOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new GeneticOptions()).Validated();
        return study.UseTuner("genetic algorithm", (space, random) => RepeatsTuner.Over(new GeneticTuner(space, validated, random, study.TrialLimit), study.Steps));
    }
}
