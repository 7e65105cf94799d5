using AutoTune.Tuners.Terminator;

namespace AutoTune;

/// <summary>The verb that ends a study when what is left to gain drowns in noise.</summary>
public static class TerminatorExtensions
{
    /// <summary>
    /// Ends the study when a better configuration could no longer be told from the best one: when the loss that is left to gain is, at most, less than the
    /// noise of the estimate. Both figures are shown with the progress. With next to no noise, or a space that no model
    /// can learn, that may take long: say a limit as well. Where all completed trials have the same value, as many as <see cref="TerminatorOptions.MinTrials"/>, it ends, too.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">When it ends; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>
    /// Makarova and others, "Automatic termination for hyperparameter optimization" (2022): a Gaussian process bounds the regret from above, whatever
    /// tuner the study has. It is asked for after a trial, each time there are a tenth more.
    /// </remarks>
    public static T UntilRegretBelowNoise<T>(this T study, TerminatorOptions? options = null) where T : StudyBuilder
    {
        var validated = (options ?? new TerminatorOptions()).Validated();
        return study.StopWhen(new RegretRule(validated, () => study.Steps));
    }
}
