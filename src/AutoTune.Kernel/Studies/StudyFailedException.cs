namespace AutoTune;

/// <summary>A study ended without a single value, or no trial meets its requirements. What was recorded is in <see cref="View"/> and in the journal; running it again goes on from there.</summary>
public sealed class StudyFailedException : Exception
{
    internal StudyFailedException(StudyView view, string reason, Exception? innerException)
        : base($"Study '{view.Name}' ended without a value: {reason.TrimEnd('.')}.{FirstError(view, reason)}{StudyResult.EndedEarly(view)} Correct that and run it again.", innerException) => View = view;

    internal StudyFailedException(StudyResult result)
        : base($"Study '{result.View.Name}' ended without a trial to return: {result.WhyNoBest()} Loosen the requirements and begin another study, or let this one run longer.")
        => View = result.View;

    /// <summary>The study as it ended.</summary>
    public StudyView View { get; }

    private static string FirstError(StudyView view, string reason)
        => view.Trials.Select(trial => (trial.Outcome as TrialOutcome.Failed)?.Error).FirstOrDefault(error => error is not null) is { } first
            && !reason.Contains(first.Message, StringComparison.Ordinal)
                ? $" The first error was: {first.ToString().TrimEnd('.')}."
                : "";
}
