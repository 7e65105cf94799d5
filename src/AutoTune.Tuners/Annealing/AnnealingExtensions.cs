using AutoTune.Tuners.Annealing;
using AutoTune.Tuners.Forecasts;

namespace AutoTune;

/// <summary>The verb that makes a study search by simulated annealing.</summary>
public static class AnnealingExtensions
{
    /// <summary>
    /// Searches by simulated annealing: steps from one point, long and short ones, of which the worse are followed too while the temperature is high. Steps
    /// are those of very fast annealing (Ingber 1989); temperatures are shares of the spread of the losses seen, so that their scale does not matter. For few
    /// hyperparameters, or where one good point is to be refined. Microseconds a proposal, any number at a time.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>In a study limited by its trials the cooling follows the limit: with another limit, other proposals.</remarks>
    public static T UseAnnealing<T>(this T study, AnnealingOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new AnnealingOptions()).Validated();
        return study.UseTuner("annealing", (space, random) => RepeatsTuner.Over(new AnnealingTuner(space, validated, random, study.TrialLimit), study.Steps));
    }
}
