using System.Collections.Concurrent;

namespace AutoTune.Execution;

/// <summary>Runs trials on threads of its own in this process, as many as run at a time.</summary>
/// <param name="objective">What evaluates the trials.</param>
/// <param name="slots">How many trials may run at a time; the study keeps to it.</param>
/// <remarks>
/// Also the inside of other executors: where a trial has arrived, this is how it is run. Thread-safe.
/// Threads of its own rather than the pool's: an objective may run for hours, and native libraries keep state by thread. They are kept
/// from trial to trial, because native memory is pooled by thread: a new thread a trial leaves the pools of all of them behind. A trial
/// that does not heed its cancellation cannot be ended here; the study leaves it behind after a grace period.
/// </remarks>
public sealed class InProcessExecutor(IObjective objective, int slots) : ITrialExecutor
{
    private readonly Lock _lock = new();
    private readonly BlockingCollection<Action> _work = [];
    private int _idle;

    /// <inheritdoc/>
    public int Slots => slots;

    /// <inheritdoc/>
    public Task<TrialOutcome> ExecuteAsync(TrialAssignment assignment, IReportSink reports, CancellationToken cancellationToken)
    {
        var running = new TaskCompletionSource<Task<TrialOutcome>>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_idle > 0) _idle--;
            else new Thread(RunTrials) { IsBackground = true, Name = "AutoTune trial" }.Start();
        }

        _work.Add(() =>
        {
            var trial = EvaluateAsync(new TrialContext(assignment, reports), cancellationToken);
            lock (_lock) _idle++; // before the study hears of the end, so that its next trial finds this thread
            running.SetResult(trial);
        }, CancellationToken.None);
        return running.Task.Unwrap();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _work.CompleteAdding(); // the threads end; one with a trial that was left behind ends with it
        return ValueTask.CompletedTask;
    }

    private void RunTrials()
    {
        foreach (var trial in _work.GetConsumingEnumerable()) trial();
    }

    private async Task<TrialOutcome> EvaluateAsync(TrialContext trial, CancellationToken cancellationToken)
    {
        try
        {
            return trial.OutcomeOf(await objective.EvaluateAsync(trial, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Whatever it threw, the cancellation caused it: a trial that was interrupted has not failed.
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception error)
        {
            return trial.OutcomeOf(error);
        }
    }
}
