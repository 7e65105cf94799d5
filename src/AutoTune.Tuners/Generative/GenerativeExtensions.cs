using AutoTune.Tuners.Forecasts;
using AutoTune.Tuners.Generative;

namespace AutoTune;

/// <summary>The verb that makes a study search by a generative network.</summary>
public static class GenerativeExtensions
{
    /// <summary>
    /// Searches by a small generative network that learns to resemble the best trials, against another that tells these from the rest (Goodfellow and others 2014; as a search, OPT-GAN of Lu
    /// and others 2021). For comparison: other tuners are better at a hundred trials.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static T UseGenerative<T>(this T study, GenerativeOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new GenerativeOptions()).Validated();
        return study.UseTuner("generative", (space, random) => RepeatsTuner.Over(new GenerativeTuner(space, validated, random), study.Steps));
    }
}
