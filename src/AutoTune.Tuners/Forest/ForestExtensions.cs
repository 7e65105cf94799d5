using AutoTune.Tuners.Forest;

namespace AutoTune;

/// <summary>The verb that makes a study search with a random forest.</summary>
public static class ForestExtensions
{
    /// <summary>
    /// Searches with a random forest, as SMAC does: it learns from all trials how the loss depends on the hyperparameters, and the
    /// configuration whose expected improvement is largest comes next. For spaces with many choices and conditions; takes some
    /// milliseconds of thought up to thousands of trials (Hutter, Hoos and Leyton-Brown 2011).
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static T UseForest<T>(this T study, ForestOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new ForestOptions()).Validated();
        return study.UseTuner("forest", (space, random) => new ForestTuner(space, validated, random, study.Steps));
    }
}
