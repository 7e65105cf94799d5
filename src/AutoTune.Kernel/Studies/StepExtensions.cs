namespace AutoTune;

/// <summary>The verbs that say what the steps are that an objective reports: see <see cref="TrialSteps"/>.</summary>
public static class StepExtensions
{
    /// <summary>Each trial is one training of this many steps, and reports the loss after each: epochs, iterations, trees.</summary>
    /// <param name="study">The study.</param>
    /// <param name="count">How many steps a whole training has.</param>
    /// <param name="canResume">
    /// Whether a paused trial goes on where it stood: its objective saves a checkpoint in the trial's artifact folder when it is asked to pause, starts
    /// from it after <see cref="ITrialContext.ResumeAfterStep"/>, and keeps to <see cref="ITrialContext.Budget"/>. By default not.
    /// </param>
    public static T WithEpochs<T>(this T study, int count, bool canResume = false) where T : StudyBuilder
        => study.WithSteps(new TrialSteps(count, StepKind.Epochs) { CanResume = canResume });

    /// <summary>Each trial repeats its evaluation this often, on other folds or seeds, and reports the mean so far after each.</summary>
    /// <param name="study">The study.</param>
    /// <param name="count">How many repeats a whole trial has.</param>
    /// <param name="canResume">Whether a paused trial goes on where it stood, as for <see cref="WithEpochs"/>. By default not.</param>
    public static T WithRepeats<T>(this T study, int count, bool canResume = false) where T : StudyBuilder
        => study.WithSteps(new TrialSteps(count, StepKind.Repeats) { CanResume = canResume });

    /// <summary>
    /// Each trial trains on a share of the data: <c>budget / count</c> of them where it has a <see cref="ITrialContext.Budget"/>, and reports the loss at that
    /// step; all of them where it has none. A trial that is resumed with a larger budget trains anew, on more.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="count">The step that stands for all the data.</param>
    public static T WithSamples<T>(this T study, int count) where T : StudyBuilder
        => study.WithSteps(new TrialSteps(count, StepKind.Samples) { CanResume = true });

    /// <summary>
    /// Each trial trains for as many epochs as its <see cref="ITrialContext.Budget"/> says, and plans its learning rates and the like for just so many; for this many where it has none.
    /// A trial that is resumed with a larger budget trains anew, for longer.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="count">How many epochs a whole training has.</param>
    /// <remarks>A training reports its end alone, or nothing: its value then counts as the report at the budget. So rules that look at reports on the way, such as <c>UsePatience</c>, have nothing to go by.</remarks>
    public static T WithLengths<T>(this T study, int count) where T : StudyBuilder
        => study.WithSteps(new TrialSteps(count, StepKind.Lengths) { CanResume = true });

    /// <summary>What the steps are, as a value: those of another study, <see cref="StudyBuilder.Steps"/>.</summary>
    /// <param name="study">The study.</param>
    /// <param name="steps">The steps.</param>
    public static T WithSteps<T>(this T study, TrialSteps steps) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(steps);
        study.Demand(steps.Count >= 1, $"the steps of a trial, {steps.Count}, must be at least 1; say how many reports a whole trial gives.");
        study.Settings.Steps = steps;
        return study;
    }
}
