using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Execution;
using AutoTune.Scheduling;
using AutoTune.Tuning;

namespace AutoTune.Studies;

/// <summary>What to do next: <see cref="Run"/> a trial, or nothing because all is started (<see cref="Idle"/>) or the study has had enough (<see cref="End"/>).</summary>
internal abstract record Work
{
    public sealed record Run(TrialAssignment Assignment) : Work;

    public sealed record Idle(string Reason) : Work;

    public sealed record End(string Reason) : Work;
}

/// <summary>Decides what a free slot does, and records what became of it. Asked by one caller at a time.</summary>
internal sealed class WorkSource(StudySettings settings, StudyLedger ledger, Proposer proposer)
{
    /// <summary>How often a trial may end its process before it counts as failed: else it would stop its study for good.</summary>
    private const int MaxOrphanings = 5;

    private const string Orphaned = "orphaned";
    private readonly Lock _lock = new(); // over what is counted: trials may be told from several threads
    private ArtifactCleaning? _cleaning;
    private int _failedInARow; // in this run: a study that is run again after a correction gets its chance
    private TrialError? _firstErrorInARow;
    private int _failedAfter; // the latest pause that one of these came from
    private string? _spaceError; // every trial would fail of it
    private int _notFinite; // trials with derivatives that were left out, in this run
    private string? _firstNotFinite, _notFiniteWarning;

    /// <summary>The folder of all trials' folders.</summary>
    public string Artifacts { get; } = settings.ArtifactDirectory ?? ArtifactFolders.Temporary(settings.Name);

    /// <summary>The exception behind the first failure, if this process saw it.</summary>
    public Exception? FirstException { get; private set; }

    /// <summary>The next work.</summary>
    /// <param name="elapsed">The time since this run of the study began.</param>
    public Work Next(TimeSpan elapsed)
    {
        var view = ledger.View;
        if (ReasonToEnd(view, elapsed) is { } reason) return new Work.End(reason);
        if (view.Waiting.Count > 0)
        {
            ledger.Record(new TrialRestarted(view.Waiting[0]));
            return RunOf(view.Waiting[0]);
        }

        var (order, space) = ledger.NextWork(canStart: true);
        switch (order)
        {
            case WorkOrder.Hold:
                return new Work.Idle("the scheduler has nothing more to start");
            case WorkOrder.ResumeTrial resume:
                return Resume(resume, space);
            case WorkOrder.StartTrial when view.Trials.Count >= settings.TrialLimit:
                return InsteadOfStart(Text($"all {settings.TrialLimit} trials have been evaluated"));
            case WorkOrder.StartTrial start:
                return Start(new TrialId(view.Trials.Count), start);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Why the study is to end now; null to go on.</summary>
    public string? ReasonToEnd(StudyView view, TimeSpan elapsed)
    {
        if (ledger.JournalError is { } error) return $"the journal could not be written: {error.Message}";
        lock (_lock)
        {
            if (_spaceError is not null) return $"the objective's space is not well defined: {_spaceError}";
            if (_failedInARow >= settings.MaxFailuresInARow) return Text($"{_failedInARow} trials in a row failed; the first error was: {_firstErrorInARow}");
        }

        foreach (var rule in settings.StopRules)
        {
            if (rule.ReasonToStop(view, elapsed) is { } reason) return reason;
        }

        return null;
    }

    /// <summary>Records how a trial, or an attempt at it, ended.</summary>
    public void Finish(TrialId id, TrialOutcome outcome)
    {
        lock (_lock)
        {
            FinishAlone(id, outcome);
            CleanArtifacts();
        }
    }

    private void CleanArtifacts()
    {
        if (settings.ArtifactsKept is not { } kept) return;
        _cleaning ??= new ArtifactCleaning(kept, FolderOf, warning => ledger.Warn(warning));
        _cleaning.Clean(ledger.View, ledger.FinishedSince);
    }

    private void FinishAlone(TrialId id, TrialOutcome outcome)
    {
        if (outcome is TrialOutcome.Completed completed && MissingRequirement(completed) is { } missing) outcome = missing;
        if (outcome is not TrialOutcome.Paused && ledger.TakeReadBy(id) is { } read) ledger.Record(new TrialConfigured(id, read));
        if (outcome is TrialOutcome.Completed { Gradient.IsEmpty: false } withGradient) outcome = CheckGradient(id, withGradient);
        switch (outcome)
        {
            case TrialOutcome.Paused paused:
                // Another may go on from it, with values near these.
                if (ledger.ReadSoFarBy(id) is { } readSoFar && !readSoFar.Equals(ledger.View[id].Configuration)) ledger.Record(new TrialConfigured(id, readSoFar));
                ledger.Record(new TrialPaused(id, paused.AtStep, paused.Reason));
                // It came further than those that failed, so that not all do; but that parts go well does not excuse that none comes to its end.
                if (paused.AtStep > _failedAfter) EndRow();
                break;
            case TrialOutcome.Failed failed:
                FirstException ??= failed.Exception;
                if (failed.Exception is SearchSpaceException spaceError) _spaceError = spaceError.Message;
                var isRetryable = failed.IsRetryable || (failed.Exception is { } exception && settings.IsRetryable(exception));
                _firstErrorInARow ??= failed.Error;
                _failedAfter = Math.Max(_failedAfter, ledger.View[id].PausedAtStep);
                if (FinishAttempt(id, failed with { IsRetryable = isRetryable })) _failedInARow++;
                break;
            default:
                EndRow();
                ledger.Record(new TrialFinished(id, outcome));
                break;
        }
    }

    private void EndRow() => (_failedInARow, _firstErrorInARow, _failedAfter) = (0, null, 0);

    /// <summary>Records that trials were found running when the study was opened: the process that ran them is gone.</summary>
    public void RecordOrphans()
    {
        ArtifactCopy.FinishAll(Artifacts, folder => ledger.View.Trials.FirstOrDefault(trial => FolderOf(trial.Id) == folder) is { } trial ? ledger.LastCopyOf(trial.Id) : -1);
        foreach (var id in ledger.View.Running)
        {
            var orphaned = new TrialError(Orphaned, "The process that evaluated it ended.");
            var isFinal = ledger.View[id].FailedAttempts.Count(error => error.Type == Orphaned) + 1 >= MaxOrphanings;
            ledger.Record(isFinal ? new TrialFinished(id, new TrialOutcome.Failed(orphaned, IsRetryable: true)) : new TrialAttemptFailed(id, orphaned));
        }
    }

    // Whether a requirement is met must be known, or the best trial is not.
    private TrialOutcome.Failed? MissingRequirement(TrialOutcome.Completed completed)
    {
        foreach (var requirement in ledger.View.Requirements)
        {
            if (completed.Metrics.TryGetValue(requirement.Metric, out var value) && double.IsFinite(value)) continue;
            var returned = completed.Metrics.ContainsKey(requirement.Metric) ? Domain.Text(value) : completed.Metrics.IsEmpty ? "none" : string.Join(", ", completed.Metrics.Keys);
            return new TrialOutcome.Failed(new TrialError("RequiredMetric",
                $"The study requires {requirement}, but the objective returned {returned}; return a finite number as TrialValues.Metrics[\"{requirement.Metric}\"]."), IsRetryable: false);
        }

        return null;
    }

    // A derivative that is not finite is left out: an unrolled training overflows before its loss does, and the loss may have taken an hour.
    private TrialOutcome CheckGradient(TrialId id, TrialOutcome.Completed completed)
    {
        var trial = ledger.View[id];
        if (GradientRules.ProblemOf(completed.Gradient, trial.Configuration) is { } problem) return new TrialOutcome.Failed(new TrialError("Gradient", problem), IsRetryable: false);
        var finite = GradientRules.Finite(completed.Gradient);
        if (finite.Count == completed.Gradient.Count) return completed;
        var name = completed.Gradient.Keys.First(name => !finite.ContainsKey(name));
        _firstNotFinite ??= $"that of {id} by '{name}' was {Domain.Text(completed.Gradient[name])}";
        _notFinite++;
        var warning = Text($"Derivatives that were not finite have been left out in {_notFinite} {(_notFinite == 1 ? "trial" : "trials")}; {_firstNotFinite}.");
        ledger.Warn(warning, insteadOf: _notFiniteWarning);
        _notFiniteWarning = warning;
        return completed with { Gradient = finite };
    }

    /// <returns>Whether the trial failed for good.</returns>
    private bool FinishAttempt(TrialId id, TrialOutcome.Failed failed)
    {
        var isFinal = !failed.IsRetryable || ledger.View[id].FailedAttempts.Count(error => error.Type != Orphaned) + 1 >= settings.MaxAttempts;
        ledger.Record(isFinal ? new TrialFinished(id, failed) : new TrialAttemptFailed(id, failed.Error));
        return isFinal;
    }

    private Work Start(TrialId id, WorkOrder.StartTrial order)
    {
        var (proposal, origin) = proposer.Propose(id, order);
        switch (proposal)
        {
            case Proposal.WaitForResults:
                return InsteadOfStart("the tuner waits for results");
            case Proposal.Exhausted exhausted:
                return InsteadOfStart(exhausted.Reason);
            case Proposal.Evaluate evaluate:
                var tags = order.Tags.Ordinal().SetItems(evaluate.Tags.Ordinal());
                ledger.Record(new TrialStarted(id, evaluate.Configuration, order.Budget, tags, origin));
                return RunOf(id);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>What there is to do where no trial can be started: a scheduler that would rather start one may have paused ones to go on with.</summary>
    private Work InsteadOfStart(string reason) => ledger.NextWork(canStart: false) is (WorkOrder.ResumeTrial resume, var space) ? Resume(resume, space) : new Work.Idle(reason);

    /// <param name="order">What the scheduler ordered.</param>
    /// <param name="space">The space that it was shown.</param>
    private Work.Run Resume(WorkOrder.ResumeTrial order, SearchSpace space)
    {
        if (order.Configuration is { } changed)
        {
            if (!ReferenceEquals(changed.Space, space))
                throw new InvalidOperationException($"The scheduler resumed {order.Trial} with a configuration of another space; make it from the view's.");
            if (space.BrokenConstraints(changed) is { IsEmpty: false } broken)
                throw new InvalidOperationException($"The scheduler resumed {order.Trial} with ({changed}), which breaks the constraint '{broken[0]}'; ask SearchSpace.MeetsConstraints first.");
        }

        // The copy takes the place of the trial's own files once the journal says so: a kill in between leaves one or the other.
        var copy = order.From is { } from && from != order.Trial ? ArtifactCopy.Prepare(FolderOf(from), FolderOf(order.Trial), ledger.View.EventCount) : null;
        ledger.Record(new TrialResumed(order.Trial, order.Budget, order.From, order.Configuration, order.Reason));
        copy?.Commit();
        return RunOf(order.Trial);
    }

    private Work.Run RunOf(TrialId id)
    {
        var view = ledger.View;
        var trial = view[id];
        var seed = unchecked((long)ledger.TrialRandom(id).NextUInt64());
        return new Work.Run(new TrialAssignment(id, trial.Configuration, view.Goal, trial.Budget, trial.PausedAtStep, seed, FolderOf(id)) { ArtifactLimit = settings.ArtifactLimit });
    }

    private string FolderOf(TrialId id) => ArtifactFolders.OfTrial(Artifacts, id);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
