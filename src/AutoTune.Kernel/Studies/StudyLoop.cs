using System.Runtime.ExceptionServices;
using AutoTune.Execution;

namespace AutoTune.Studies;

/// <summary>Keeps an executor's slots busy until the study has had enough. One logical thread: only it starts, ends and records trials.</summary>
internal sealed class StudyLoop(StudySettings settings, StudyLedger ledger, WorkSource source, ITrialExecutor executor)
{
    /// <summary>How long interrupted trials may take to end before they are left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly SortedDictionary<TrialId, Task<TrialOutcome>> _running = [];

    /// <summary>Runs to the end and says why it came.</summary>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await RunAsync(interrupt, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // A stop rule or a scheduler threw: no trial is to run on behind the study's back.
            await interrupt.CancelAsync().ConfigureAwait(false);
            await InterruptAsync("the study failed").ConfigureAwait(false);
            throw;
        }
    }

    private async Task<string> RunAsync(CancellationTokenSource interrupt, CancellationToken cancellationToken)
    {
        var start = settings.Time.GetTimestamp();
        using var limit = settings.TimeLimit is { } time ? new CancellationTokenSource(time, settings.Time) : null;
        using var cancelled = new Signal(cancellationToken);
        using var timeIsUp = new Signal(limit?.Token ?? CancellationToken.None);

        while (true)
        {
            var change = ledger.Change;
            var isTimeUp = timeIsUp.IsSet; // looked at once a round: if it comes up later in the round, it still wakes the loop
            Collect();
            var reason = cancellationToken.IsCancellationRequested ? "it was cancelled" : isTimeUp ? ReasonOfTime() : null;
            var idle = "";
            // At the time limit nothing is started, but a study without any value yet lets its first trials finish.
            while (reason is null && !isTimeUp && _running.Count < executor.Slots && idle.Length == 0)
            {
                switch (source.Next(settings.Time.GetElapsedTime(start)))
                {
                    case Work.Run run:
                        _running.Add(run.Assignment.Trial, executor.ExecuteAsync(run.Assignment, ledger, interrupt.Token));
                        break;
                    case Work.Idle none:
                        idle = none.Reason;
                        break;
                    case Work.End end:
                        reason = end.Reason;
                        break;
                }
            }

            reason ??= _running.Count > 0 ? null : idle;
            if (reason is not null)
            {
                await interrupt.CancelAsync().ConfigureAwait(false);
                await InterruptAsync(reason).ConfigureAwait(false);
                return reason;
            }

            Task[] wakers = [.. _running.Values, cancelled.Task, .. isTimeUp ? [] : new[] { timeIsUp.Task }, .. idle.Length > 0 ? new[] { change } : []];
            executor.OnStudyWaits(() => Array.Exists(wakers, waker => waker.IsCompleted));
            await Task.WhenAny(wakers).ConfigureAwait(false);
        }
    }

    private string? ReasonOfTime()
    {
        var mayWait = ledger.View.CompletedCount == 0 && _running.Count > 0;
        return mayWait ? null : $"the time limit of {Duration.Text(settings.TimeLimit!.Value)} was reached";
    }

    private void Collect()
    {
        foreach (var (id, task) in _running.Where(entry => entry.Value.IsCompleted).ToList())
        {
            if (task.Exception?.InnerException is WorkerProcessException broken) ExceptionDispatchInfo.Throw(broken);
            _running.Remove(id);
            Record(id, task, "its executor cancelled it");
        }
    }

    private void Record(TrialId id, Task<TrialOutcome> task, string reason)
    {
        if (task.IsCompletedSuccessfully) source.Finish(id, task.Result);
        // Trials cannot be run at all, which is not this one's doing.
        else if (task.Exception?.InnerException is WorkerProcessException) ledger.Record(new TrialInterrupted(id, "its worker process could not be started"));
        else if (task.Exception is { } error) source.Finish(id, new TrialOutcome.Failed(TrialError.Of(error.GetBaseException()), false) { Exception = error.GetBaseException() });
        else ledger.Record(new TrialInterrupted(id, reason));
    }

    /// <summary>Gives running trials some time to end; what has its value by then counts, the rest is interrupted.</summary>
    private async Task InterruptAsync(string reason)
    {
        if (_running.Count == 0) return;
        var grace = Task.Delay(Grace, settings.Time);
        executor.OnStudyWaits(() => grace.IsCompleted || _running.Values.All(task => task.IsCompleted));
        // Whether the trials ended well is looked at one by one below.
        await Task.WhenAny(Task.WhenAll(_running.Values), grace).ConfigureAwait(false);
        foreach (var (id, task) in _running) Record(id, task, reason);
        _running.Clear();
    }

    /// <summary>A cancellation as a task.</summary>
    private sealed class Signal : IDisposable
    {
        private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenRegistration _registration;

        public Signal(CancellationToken token) => _registration = token.Register(() => _source.TrySetResult());

        public Task Task => _source.Task;

        public bool IsSet => _source.Task.IsCompleted;

        public void Dispose() => _registration.Dispose();
    }
}
