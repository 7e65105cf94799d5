using System.Collections.Immutable;
using System.Globalization;

namespace AutoTune;

/// <summary>One evaluation of a configuration: where it stands in its study.</summary>
/// <remarks>Immutable and thread-safe: a later state is another object.</remarks>
public sealed record Trial
{
    /// <summary>Its number.</summary>
    public required TrialId Id { get; init; }

    /// <summary>What is evaluated; the last of what was, if a scheduler changed it on the way (see <see cref="Schedule"/>).</summary>
    public required Configuration Configuration { get; init; }

    /// <summary>
    /// With which configurations its training ran, step by step; most trials have but one. Where the trial took over another's checkpoint, the steps
    /// before are those that the other had come to be trained with: the schedule is the whole way to what the trial is now.
    /// </summary>
    public TrialSchedule Schedule => new(Segments.IsEmpty ? [new ScheduleSegment(0, Configuration, Id)] : Segments);

    /// <summary>Whether its scheduler changed its configuration, or had it go on from another trial: then what it gave is not the value of one configuration.</summary>
    public bool IsScheduled => !Segments.IsEmpty;

    /// <summary>The segments of its schedule; empty for a trial that never changed.</summary>
    internal ImmutableArray<ScheduleSegment> Segments { get; init; } = [];

    /// <summary>Where it stands.</summary>
    public TrialState State { get; init; } = TrialState.Running;

    /// <summary>Who proposed it: a tuner's name, "known point", "user".</summary>
    public string Origin { get; init; } = "";

    /// <summary>Notes of tuner and scheduler, such as a bracket or a rung.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = Notes.None<string>();

    /// <summary>How many steps it may use, if its scheduler set a limit.</summary>
    public int? Budget { get; init; }

    /// <summary>Its reports in order. Those of an attempt that failed are gone.</summary>
    public ImmutableList<TrialReport> Reports { get; init; } = [];

    /// <summary>How many steps were done for it: those of growing samples and lengths, which begin anew, one after the other, and those of attempts that were lost where trainings cannot resume.</summary>
    /// <remarks>Counted from its reports. Of trainings that can resume, steps that an interruption may have lost count once: a checkpoint may have kept them.</remarks>
    public int StepsSpent { get; internal init; }

    /// <summary>How it ended; null while it has not.</summary>
    public TrialOutcome? Outcome { get; init; }

    /// <summary>The step at which it was last paused; 0 if never.</summary>
    public int PausedAtStep { get; init; }

    /// <summary>Why it was last paused; empty if never.</summary>
    public string PauseReason { get; init; } = "";

    /// <summary>The errors of earlier attempts.</summary>
    public ImmutableList<TrialError> FailedAttempts { get; init; } = [];

    /// <summary>When it was started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How long it took from start to end, waiting included; null while it has not ended.</summary>
    public TimeSpan? Duration => FinishedAt - StartedAt;

    /// <summary>The final loss of a completed trial; null for any other.</summary>
    public double? Loss => (Outcome as TrialOutcome.Completed)?.Loss;

    /// <summary>
    /// For each requirement of the study, in their order, by how much a completed trial breaks it, in the metric's unit: zero or less where
    /// it is met. Empty for a trial that did not complete, and in a study without requirements.
    /// </summary>
    public ImmutableArray<double> Violations { get; init; } = [];

    /// <summary>Whether no requirement is known to be broken.</summary>
    public bool MeetsRequirements => Violations.All(violation => violation <= 0);

    /// <summary>Whether it has ended: completed, stopped or failed.</summary>
    public bool IsFinished => Outcome is not null;

    /// <summary>The last report; null if there is none.</summary>
    public TrialReport? LastReport => Reports.IsEmpty ? null : Reports[^1];

    /// <summary>For people: its number, its configuration, and how it ended or where it stands.</summary>
    public override string ToString() => $"{Id}: {Configuration}; " + Outcome switch
    {
        TrialOutcome.Completed completed => string.Create(CultureInfo.InvariantCulture, $"completed with loss {completed.Loss:G6}"),
        TrialOutcome.Stopped stopped => $"stopped at {At(stopped.AtStep, stopped.Reason)}",
        TrialOutcome.Failed failed => $"failed: {failed.Error.Message}",
        _ => State switch
        {
            TrialState.Paused => $"paused at {At(PausedAtStep, PauseReason)}",
            TrialState.Waiting => "waits for another attempt",
            _ => "is running",
        },
    };

    /// <summary>A step and the reason to stop or pause there; schedulers' own reasons begin with the step.</summary>
    internal static string At(int step, string reason)
        => reason.StartsWith("step ", StringComparison.Ordinal) ? reason : string.Create(CultureInfo.InvariantCulture, $"step {step}: {reason}");
}

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>It is being evaluated.</summary>
    Running,

    /// <summary>Its scheduler halted it; it may be resumed.</summary>
    Paused,

    /// <summary>It was interrupted, or an attempt failed: it will be evaluated again.</summary>
    Waiting,

    /// <summary>It gave its value.</summary>
    Completed,

    /// <summary>Its scheduler ended it early.</summary>
    Stopped,

    /// <summary>It failed for good.</summary>
    Failed,
}
