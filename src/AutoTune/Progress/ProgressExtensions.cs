using AutoTune.Progress;

namespace AutoTune;

/// <summary>The verb that makes a study show its progress.</summary>
public static class ProgressExtensions
{
    /// <summary>
    /// Shows on the console how the study gets on: trials, time left, the best so far, a small curve. What was said before by this verb no longer holds.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="display">How.</param>
    public static T ShowProgress<T>(this T study, ProgressDisplay display = ProgressDisplay.Automatic) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(study);
        return study.ReplaceObserver(display == ProgressDisplay.None ? null : new ProgressObserver(study, Screens.For(display)));
    }
}
