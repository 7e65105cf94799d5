using AutoTune.Tuners.GaussianProcess;

namespace AutoTune;

/// <summary>The verb that makes a study search by Bayesian optimisation.</summary>
public static class GaussianProcessExtensions
{
    /// <summary>
    /// Searches by Bayesian optimisation: a Gaussian process learns from all trials how the loss depends on the hyperparameters, and the
    /// configuration whose expected improvement is largest comes next. For up to some hundreds of trials, each worth some milliseconds of thought.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>
    /// Log expected improvement (Ament and others 2023) of a Matérn kernel over mixed and conditional spaces, length scales by dimension (Hvarfner and others 2024), and in continuous
    /// spaces a trust region for every third proposal (TuRBO, Eriksson and others 2019). Trials that were stopped, paused or are running count by their last report.
    /// </remarks>
    public static T UseBayesian<T>(this T study, GaussianProcessOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new GaussianProcessOptions()).Validated();
        return study.UseTuner("Gaussian process", (space, random) => new GaussianProcessTuner(space, validated, random, StudyLimits.Of(study)));
    }
}
