using AutoTune.Tuners.QuantileBoosting;

namespace AutoTune;

/// <summary>The verb that makes a study search with conformal quantile boosting.</summary>
public static class QuantileBoostingExtensions
{
    /// <summary>
    /// Searches with boosted trees for several quantiles of the loss, corrected by how often they were wrong on trials that they had not
    /// seen; the configuration with the lowest loss drawn from them comes next. For spaces with many choices and conditions, and losses
    /// whose noise is not normal; takes some milliseconds of thought up to thousands of trials (Salinas and others 2023).
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static T UseQuantileBoosting<T>(this T study, QuantileBoostingOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new QuantileBoostingOptions()).Validated();
        return study.UseTuner("quantile boosting", (space, random) => new QuantileBoostingTuner(space, validated, random, study.Steps));
    }
}
