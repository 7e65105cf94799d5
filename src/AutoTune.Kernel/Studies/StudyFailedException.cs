namespace AutoTune;

/// <summary>A study ended without a single value. What was recorded is in <see cref="View"/> and in the journal; running it again goes on from there.</summary>
public sealed class StudyFailedException : Exception
{
    internal StudyFailedException(StudyView view, string reason, Exception? innerException)
        : base($"Study '{view.Name}' ended without a value: {reason}. {view.FailedCount} trials failed; correct the objective and run it again.", innerException) => View = view;

    /// <summary>The study as it ended.</summary>
    public StudyView View { get; }
}
