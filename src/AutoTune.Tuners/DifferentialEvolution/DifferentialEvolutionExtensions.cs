using AutoTune.Tuners.DifferentialEvolution;
using AutoTune.Tuners.Forecasts;

namespace AutoTune;

/// <summary>The verb that makes a study search by differential evolution.</summary>
public static class DifferentialEvolutionExtensions
{
    /// <summary>
    /// Searches by adaptive differential evolution (SHADE and L-SHADE, Tanabe and Fukunaga 2013 and 2014): children lie from their parents along the
    /// differences of others, by weights that have succeeded lately. For hundreds of trials and more; microseconds a proposal, any number at a time.
    /// It sees the order of the losses only.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>In a study limited by its trials the population's size follows the limit: with another limit, other proposals.</remarks>
    public static T UseDifferentialEvolution<T>(this T study, DifferentialEvolutionOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new DifferentialEvolutionOptions()).Validated();
        return study.UseTuner("differential evolution", (space, random) => RepeatsTuner.Over(new DifferentialEvolutionTuner(space, validated, random, study.TrialLimit), study.Steps));
    }
}
