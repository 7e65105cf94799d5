using AutoTune.Tuners.Racing;

namespace AutoTune;

/// <summary>The verb that makes the trials of a study race.</summary>
public static class RacingExtensions
{
    /// <summary>
    /// Stops a trial once its first repeats (folds, seeds) show that it will not end better than the best by what repeats can tell from noise: for
    /// objectives that report the mean over the repeats so far, the same repeats for every trial (<see cref="StepExtensions.WithRepeats{T}"/>). A trial is
    /// compared with the completed ones repeat by repeat; how much such differences vary is learnt from all of them. The error of stopping one that would
    /// have been better by more than that (<see cref="RacingOptions.Indifference"/>) keeps its level however often one looks.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it stops; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>
    /// A group-sequential t-test with moderated variances: Jennison and Turnbull, "Group Sequential Methods" (2000); Smyth, "Linear models and empirical
    /// Bayes methods" (2004). A trial is never stopped while its mean is the better one, nor before another has completed.
    /// </remarks>
    public static T UseRacing<T>(this T study, RacingOptions? options = null) where T : StudyBuilder
    {
        var validated = (options ?? new RacingOptions()).Validated();
        return study.UseScheduler(_ => new RacingScheduler(validated), () => Problems(study));
    }

    private static IEnumerable<string> Problems(StudyBuilder study)
    {
        if (study.Steps is { Kind: not StepKind.Repeats } steps)
            yield return $"UseRacing compares repeats, but the steps of its trials are {steps.Kind}; say WithRepeats(...), or use a scheduler for such steps.";
    }
}
