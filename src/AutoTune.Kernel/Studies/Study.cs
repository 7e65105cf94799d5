using System.Collections.Immutable;
using AutoTune.Execution;
using AutoTune.Studies;

namespace AutoTune;

/// <summary>An open study: asked and told by your own loop, or run to its end.</summary>
/// <remarks>
/// Opening replays the journal: a study that has facts already goes on where it stood. Thread-safe; asks are answered one at a time.
/// </remarks>
public sealed class Study : IDisposable
{
    private readonly StudySettings _settings;
    private readonly StudyLedger _ledger;
    private readonly WorkSource _source;
    private readonly StudyAddress _address;
    private readonly EarlierStudy? _earlier;
    private readonly Lock _askLock = new();
    private readonly Dictionary<TrialId, TrialContext> _asked = [];
    private readonly long _start;
    private string _endReason = "";
    private bool _hasFailed;
    private bool _isDisposed;

    internal Study(StudySettings settings, StudyLedger ledger, ImmutableArray<Configuration> knownPoints, StudyAddress address, EarlierStudy? earlier)
    {
        _settings = settings;
        _ledger = ledger;
        _source = new WorkSource(settings, ledger, new Proposer(settings, ledger, knownPoints));
        (_address, _earlier) = (address, earlier);
        _endReason = earlier?.StopReason ?? "";
        _start = settings.Time.GetTimestamp();
        _source.RecordOrphans();
    }

    /// <summary>The study as of now.</summary>
    public StudyView View => _ledger.View;

    /// <summary>How it stands: the best so far, and why the last <see cref="Ask"/> gave nothing.</summary>
    public StudyResult Result => new(_ledger.View, _endReason, [.. _ledger.Warnings]) { ArtifactDirectory = _source.Artifacts };

    /// <summary>The next trial, to be evaluated by you and then given to <see cref="Tell"/> or <see cref="TellFailed"/>.</summary>
    /// <returns>
    /// The trial; null if there is nothing to start: a limit is reached, the space is used up, or scheduler or tuner wait for trials that
    /// were asked for. <see cref="Result"/> says which.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The study was closed.</exception>
    public ITrialContext? Ask()
    {
        lock (_askLock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_earlier is not null) return null;
            var elapsed = _settings.Time.GetElapsedTime(_start);
            if (_settings.TimeLimit is { } limit && elapsed >= limit)
            {
                _endReason = $"the time limit of {Duration.Text(limit)} was reached";
                return null;
            }

            switch (_source.Next(elapsed))
            {
                case Work.Run run:
                    var trial = new TrialContext(run.Assignment, _ledger);
                    lock (_asked) _asked[trial.Id] = trial;
                    return trial;
                case Work.Idle idle:
                    _endReason = idle.Reason;
                    return null;
                case Work.End end:
                    _endReason = end.Reason;
                    return null;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
    }

    /// <summary>Tells what a trial gave. After a report was answered with a stop or a pause, that is recorded instead, whatever the value.</summary>
    /// <param name="trial">A trial from <see cref="Ask"/>.</param>
    /// <param name="values">Its value; a number will do. NaN or infinite records a failure.</param>
    /// <exception cref="InvalidOperationException">The trial was not asked for, or was told before.</exception>
    public void Tell(ITrialContext trial, TrialValues values)
    {
        var context = Take(trial);
        _source.Finish(context.Id, context.OutcomeOf(values));
    }

    /// <summary>Tells that a trial failed.</summary>
    /// <param name="trial">A trial from <see cref="Ask"/>.</param>
    /// <param name="error">Why.</param>
    /// <exception cref="InvalidOperationException">The trial was not asked for, or was told before.</exception>
    public void TellFailed(ITrialContext trial, Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var context = Take(trial);
        _source.Finish(context.Id, context.OutcomeOf(error));
    }

    /// <summary>Closes the journal. Trials that were asked for and not told count as interrupted.</summary>
    public void Dispose()
    {
        lock (_askLock) _isDisposed = true;
        lock (_asked)
        {
            foreach (var id in _asked.Keys.Order()) _ledger.Record(new TrialInterrupted(id, "the study was closed"));
            _asked.Clear();
        }

        StudyOpenings.End(_address, Result, _settings.Evaluation, _settings.Space is null, _hasFailed);
        _ledger.Close();
    }

    internal async Task<StudyResult> RunAsync(IObjective objective, CancellationToken cancellationToken)
    {
        if (_earlier is null)
        {
            var executor = CreateExecutor(objective);
            await using (executor.ConfigureAwait(false))
            {
                _endReason = await new StudyLoop(_settings, _ledger, _source, executor).RunAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        var result = Result;
        _hasFailed = _earlier?.HasFailed ?? (!result.HasBest && result.View.FinishedCount > result.View.StoppedCount && !cancellationToken.IsCancellationRequested);
        if (!_hasFailed) return result;
        throw result.View.CompletedCount > 0 ? new StudyFailedException(result) : new StudyFailedException(result.View, result.StopReason, _source.FirstException);
    }

    private ITrialExecutor CreateExecutor(IObjective objective)
    {
        if (_settings.Executor is { } create) return create(objective, _settings.Time);
        if (_settings.Workers is not { } workers) return new InProcessExecutor(objective, _settings.Slots);
        if (workers.RunInProcess(out var surprise))
        {
            if (surprise is not null) _ledger.Warn($"Trials ran in this process, not in worker processes, and without their limits: {surprise}.");
            return new InProcessExecutor(objective, workers.Workers);
        }

        // Of another program the study is the first of its name, and what this one ran before is nothing to it.
        var (address, recall) = workers.Options.Program is null ? (_address, StudyOpenings.Find) : (_address with { Opening = 0 }, (Func<StudyAddress, EarlierStudy>)(_ => EarlierStudy.Unknown));
        var plan = new WorkerPlan(address, WorkerStudies.DefinitionOf(_settings, View.Space), workers.Options, recall);
        return new WorkerProcessExecutor(plan, workers.Workers, _settings.Time);
    }

    private TrialContext Take(ITrialContext trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        lock (_asked)
        {
            if (_asked.Remove(trial.Id, out var context)) return context;
        }

        throw new InvalidOperationException($"{trial.Id} of study '{View.Name}' was not asked for, or was told before; tell each trial once.");
    }
}
