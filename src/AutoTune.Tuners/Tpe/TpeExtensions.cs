using AutoTune.Tuners.Forecasts;
using AutoTune.Tuners.Tpe;

namespace AutoTune;

/// <summary>The verb that makes a study search by the tree-structured Parzen estimator.</summary>
public static class TpeExtensions
{
    /// <summary>
    /// Searches by the tree-structured Parzen estimator: what is far more frequent among the good trials than among the others comes
    /// next. Takes well under a millisecond of thought up to thousands of trials (Bergstra and others 2011).
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static T UseTpe<T>(this T study, TpeOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new TpeOptions()).Validated();
        return study.UseTuner("TPE", (space, random) => RepeatsTuner.Over(new TpeTuner(space, validated, random), study.Steps));
    }
}
