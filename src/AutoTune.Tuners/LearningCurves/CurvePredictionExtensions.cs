using AutoTune.Tuners.LearningCurves;

namespace AutoTune;

/// <summary>The verb that stops trials by a forecast of their learning curves.</summary>
public static class CurvePredictionExtensions
{
    /// <summary>
    /// Stops a trial when the forecast of its learning curve leaves it little chance to beat the best trial so far at its last step: for objectives that
    /// report the loss after each epoch, iteration or share of the data. What curves of this study look like is learnt from all its trials.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it stops; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>
    /// A Bayesian linear model over power laws, exponentials, a logarithm and a line, with a common prior by empirical Bayes and errors that last from
    /// step to step. Its intervals are checked against the completed trials, and widened where those say so. Nothing is stopped before
    /// <see cref="CurvePredictionOptions.MinTrials"/> trials have completed.
    /// </remarks>
    public static T UseCurvePrediction<T>(this T study, CurvePredictionOptions? options = null) where T : StudyBuilder
    {
        var validated = (options ?? new CurvePredictionOptions()).Validated();
        return study.UseScheduler(_ => new CurveScheduler(validated, validated.LastStep ?? study.Steps?.Count), () => Problems(study, validated));
    }

    private static IEnumerable<string> Problems(StudyBuilder study, CurvePredictionOptions options)
    {
        if (options.LastStep > study.Steps?.Count)
            yield return FormattableString.Invariant($"UseCurvePrediction: LastStep {options.LastStep} must be at most the {study.Steps.Count} steps that a whole trial has; leave LastStep out for the last of them.");
        if (study.Steps is { Kind: StepKind.Lengths })
            yield return "UseCurvePrediction forecasts the curve of a training, and trainings of growing length report their end alone; say WithEpochs, or use StopEarly, UseHyperband or UseAsha.";
    }
}
