using System.Collections.Immutable;

namespace AutoTune;

/// <summary>A study as of some fact: the fold of its journal, read only.</summary>
/// <remarks>Immutable and thread-safe: applying a fact gives another view that shares what did not change.</remarks>
public sealed record StudyView
{
    private StudyView() { }

    /// <summary>The view before any fact.</summary>
    internal static StudyView Empty { get; } = new();

    /// <summary>The study's name.</summary>
    public string Name { get; private init; } = "";

    /// <summary>The seed of all its randomness.</summary>
    public long Seed { get; private init; }

    /// <summary>What it is after.</summary>
    public Goal Goal { get; private init; } = new("", false);

    /// <summary>What a trial must meet besides being good.</summary>
    public ImmutableArray<Requirement> Requirements { get; private init; } = [];

    /// <summary>What the steps of its trials are, as it was begun; null where nothing was said of them.</summary>
    public TrialSteps? Steps { get; private init; }

    /// <summary>What it may vary.</summary>
    public SearchSpace Space { get; private init; } = SearchSpace.Empty;

    /// <summary>All trials; the index is the trial's number.</summary>
    public ImmutableList<Trial> Trials { get; private init; } = [];

    /// <summary>The completed trial with the lowest loss of those that meet the requirements, the earliest among equals; null while there is none.</summary>
    public Trial? Best { get; private init; }

    /// <summary>How many facts there are; the next one's sequence number.</summary>
    public long EventCount { get; private init; }

    /// <summary>Trials that gave their value.</summary>
    public int CompletedCount { get; private init; }

    /// <summary>Trials that a scheduler ended early.</summary>
    public int StoppedCount { get; private init; }

    /// <summary>Trials that failed for good.</summary>
    public int FailedCount { get; private init; }

    /// <summary>Trials that ended in any way.</summary>
    public int FinishedCount => CompletedCount + StoppedCount + FailedCount;

    /// <summary>Trials that ended since the best one did.</summary>
    public int FinishedSinceBest { get; private init; }

    /// <summary>Trials that are running.</summary>
    public ImmutableSortedSet<TrialId> Running { get; private init; } = [];

    /// <summary>Trials that are to be evaluated again.</summary>
    public ImmutableSortedSet<TrialId> Waiting { get; private init; } = [];

    /// <summary>Trials that are paused.</summary>
    public ImmutableSortedSet<TrialId> Paused { get; private init; } = [];

    /// <summary>The value of the best trial, as the goal counts it; null while there is none.</summary>
    public double? BestValue => Best?.Loss is { } loss ? Goal.Flip(loss) : null;

    /// <summary>
    /// Whether trials can be started. False while a scheduler is asked for other work: the limit of trials is reached, or the tuner has no more
    /// to propose or waits for results.
    /// </summary>
    public bool CanStart { get; internal init; } = true;

    /// <summary>When the study was created.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>The trial of this number.</summary>
    public Trial this[TrialId trial] => Trials[trial.Number];

    /// <summary>The view of a whole journal.</summary>
    public static StudyView Of(IEnumerable<StudyEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        return events.Aggregate(Empty, (view, studyEvent) => view.Apply(studyEvent));
    }

    /// <summary>The view after one more fact.</summary>
    internal StudyView Apply(StudyEvent studyEvent)
    {
        var next = this with { EventCount = EventCount + 1 };
        return studyEvent switch
        {
            StudyCreated e => next with { Name = e.Name, Seed = e.Seed, Goal = e.Goal, Requirements = e.Requirements, Steps = e.Steps, Space = e.Space, CreatedAt = e.At },
            HyperparameterDeclared e => next.Extend(e.Hyperparameter),
            TrialStarted e => next.Start(e),
            TrialConfigured e => next.Update(e.Trial, trial => trial with { Configuration = e.Configuration, Segments = EndWith(trial.Segments, e.Configuration) }),
            TrialReported e => next.Update(e.Report.Trial, trial => trial with { Reports = trial.Reports.Add(e.Report), StepsSpent = trial.StepsSpent + e.Report.Step - TrainedBefore(trial) }),
            TrialPaused e => next.Move(e.Trial, TrialState.Paused, trial => trial with { PausedAtStep = e.AtStep, PauseReason = e.Reason }),
            TrialResumed e => next.Move(e.Trial, TrialState.Running, trial => Resume(trial, e)),
            TrialAttemptFailed e => next.Move(e.Trial, TrialState.Waiting, trial => Rewind(trial) with { FailedAttempts = trial.FailedAttempts.Add(e.Error) }),
            TrialInterrupted e => next.Move(e.Trial, TrialState.Waiting, Rewind),
            TrialRestarted e => next.Move(e.Trial, TrialState.Running, trial => trial),
            TrialFinished e => next.Finish(e),
            TunerFailed => next,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Back to the last checkpoint: later reports will come again.</summary>
    private Trial Rewind(Trial trial)
    {
        var rewound = trial with { Reports = trial.Reports.RemoveAll(report => report.Step > trial.PausedAtStep) };
        return BeginsAnew || Steps is not { CanResume: true } ? rewound : rewound with { StepsSpent = trial.StepsSpent - (TrainedBefore(trial) - TrainedBefore(rewound)) };
    }

    private bool BeginsAnew => Steps is { Kind: StepKind.Samples or StepKind.Lengths };

    /// <summary>From which step on a trial's training goes on.</summary>
    private int TrainedBefore(Trial trial) => BeginsAnew ? 0 : Math.Max(trial.LastReport?.Step ?? 0, trial.PausedAtStep);

    private Trial Resume(Trial trial, TrialResumed e)
    {
        var source = e.From is { } from ? this[from] : trial;
        var configuration = e.Configuration ?? trial.Configuration;
        if (source.Id == trial.Id && configuration.Equals(trial.Configuration)) return trial with { Budget = e.Budget };
        var step = source.Id == trial.Id ? trial.PausedAtStep : source.LastReport?.Step ?? 0;
        return trial with
        {
            Budget = e.Budget,
            Configuration = configuration,
            PausedAtStep = step,
            Reports = trial.Reports.RemoveAll(report => report.Step > step), // where it goes back, these will come again
            Segments = [.. source.Schedule.Segments.Where(segment => segment.AfterStep < step), new ScheduleSegment(step, configuration, trial.Id, e.Reason)],
        };
    }

    private static ImmutableArray<ScheduleSegment> EndWith(ImmutableArray<ScheduleSegment> segments, Configuration configuration)
        => segments.IsEmpty ? segments : segments.SetItem(segments.Length - 1, segments[^1] with { Configuration = configuration });

    private StudyView Start(TrialStarted e) => this with
    {
        Trials = Trials.Add(new Trial
        {
            Id = e.Trial, Configuration = e.Configuration, Budget = e.Budget, Tags = e.Tags, Origin = e.Origin, StartedAt = e.At,
        }),
        Running = Running.Add(e.Trial),
    };

    private StudyView Update(TrialId id, Func<Trial, Trial> change) => this with { Trials = Trials.SetItem(id.Number, change(this[id])) };

    private StudyView Move(TrialId id, TrialState state, Func<Trial, Trial> change) => Update(id, trial => change(trial) with { State = state }) with
    {
        Running = state == TrialState.Running ? Running.Add(id) : Running.Remove(id),
        Waiting = state == TrialState.Waiting ? Waiting.Add(id) : Waiting.Remove(id),
        Paused = state == TrialState.Paused ? Paused.Add(id) : Paused.Remove(id),
    };

    private StudyView Finish(TrialFinished e)
    {
        var state = e.Outcome switch
        {
            TrialOutcome.Completed => TrialState.Completed,
            TrialOutcome.Stopped => TrialState.Stopped,
            TrialOutcome.Failed => TrialState.Failed,
            _ => throw new InvalidOperationException($"{e.Trial} cannot finish as {e.Outcome}."),
        };
        var view = Move(e.Trial, state, trial => trial with { Outcome = e.Outcome, FinishedAt = e.At, Violations = ViolationsOf(e.Outcome) });
        var finished = view[e.Trial];
        var isBest = finished.Loss is { } loss && finished.MeetsRequirements && (Best?.Loss is not { } best || loss < best);
        return view with
        {
            CompletedCount = CompletedCount + (state == TrialState.Completed ? 1 : 0),
            StoppedCount = StoppedCount + (state == TrialState.Stopped ? 1 : 0),
            FailedCount = FailedCount + (state == TrialState.Failed ? 1 : 0),
            Best = isBest ? finished : Best,
            FinishedSinceBest = isBest ? 0 : FinishedSinceBest + 1,
        };
    }

    private ImmutableArray<double> ViolationsOf(TrialOutcome outcome) => outcome is TrialOutcome.Completed completed && !Requirements.IsEmpty
        ? [.. Requirements.Select(requirement => requirement.Violation(completed.Metrics.GetValueOrDefault(requirement.Metric, double.NaN)))]
        : [];

    private StudyView Extend(Hyperparameter hyperparameter)
    {
        var space = Space.With(hyperparameter);
        var trials = Trials.ConvertAll(trial => trial with
        {
            Configuration = trial.Configuration.In(space),
            Segments = [.. trial.Segments.Select(segment => segment with { Configuration = segment.Configuration.In(space) })],
        });
        return this with { Space = space, Trials = trials, Best = Best is null ? null : trials[Best.Id.Number] };
    }
}
