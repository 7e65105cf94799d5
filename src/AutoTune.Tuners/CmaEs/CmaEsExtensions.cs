using AutoTune.Tuners.CmaEs;
using AutoTune.Tuners.Forecasts;

namespace AutoTune;

/// <summary>The verb that makes a study search by CMA-ES.</summary>
public static class CmaEsExtensions
{
    /// <summary>
    /// Searches by CMA-ES, an evolution strategy: samples from a normal distribution whose centre, size and shape follow the better
    /// half of each generation. For hundreds of trials and more over mostly numeric spaces: a proposal costs microseconds, whatever
    /// the number of trials. It sees the order of the losses only.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>Hansen 2016, with restarts (BIPOP, Hansen 2009), a margin for whole numbers and a distribution over choices (Hamano and others 2022, 2024).</remarks>
    public static T UseCmaEs<T>(this T study, CmaEsOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new CmaEsOptions()).Validated();
        return study.UseTuner("CMA-ES", (space, random) => RepeatsTuner.Over(new CmaEsTuner(space, validated, random), study.Steps));
    }
}
