namespace AutoTune.Execution;

/// <summary>Runs each trial on a thread of its own in this process.</summary>
/// <param name="objective">What evaluates the trials.</param>
/// <param name="slots">How many trials may run at a time; the study keeps to it.</param>
/// <remarks>
/// Also the inside of other executors: where a trial has arrived, this is how it is run. Thread-safe.
/// A thread rather than the pool: an objective may run for hours, and native libraries keep state by thread. A trial that does not heed
/// its cancellation cannot be ended here; the study leaves it behind after a grace period.
/// </remarks>
public sealed class InProcessExecutor(IObjective objective, int slots) : ITrialExecutor
{
    /// <inheritdoc/>
    public int Slots => slots;

    /// <inheritdoc/>
    public Task<TrialOutcome> ExecuteAsync(TrialAssignment assignment, IReportSink reports, CancellationToken cancellationToken)
        => Task.Factory.StartNew(
            () => EvaluateAsync(new TrialContext(assignment, reports), cancellationToken),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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
