namespace AutoTune.Journals;

/// <summary>The names of the facts' kinds in stored text. They never change; a new kind gets a new name.</summary>
internal static class EventKind
{
    public const string StudyCreated = "study-created";
    public const string HyperparameterDeclared = "hyperparameter-declared";
    public const string TrialStarted = "trial-started";
    public const string TrialConfigured = "trial-configured";
    public const string TrialReported = "trial-reported";
    public const string TrialPaused = "trial-paused";
    public const string TrialResumed = "trial-resumed";
    public const string TrialAttemptFailed = "trial-attempt-failed";
    public const string TrialInterrupted = "trial-interrupted";
    public const string TrialRestarted = "trial-restarted";
    public const string TrialFinished = "trial-finished";
    public const string TunerFailed = "tuner-failed";
}

/// <summary>The names of the outcomes in stored text. They never change.</summary>
internal static class OutcomeKind
{
    public const string Completed = "completed";
    public const string Stopped = "stopped";
    public const string Failed = "failed";
}

/// <summary>The names of the kinds of steps in stored text. They never change.</summary>
internal static class StepName
{
    private static readonly (StepKind Kind, string Name)[] All = [(StepKind.Epochs, "epochs"), (StepKind.Repeats, "repeats"), (StepKind.Samples, "samples"), (StepKind.Lengths, "lengths")];

    public static string Of(StepKind kind) => Array.Find(All, pair => pair.Kind == kind).Name;

    /// <summary>The kind of a name; null if this version does not know it.</summary>
    public static StepKind? Kind(string name) => Array.Find(All, pair => pair.Name == name) is { Name: not null } pair ? pair.Kind : null;
}
