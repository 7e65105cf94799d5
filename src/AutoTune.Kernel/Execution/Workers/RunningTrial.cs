namespace AutoTune.Execution;

/// <summary>A trial that a worker runs.</summary>
internal sealed class RunningTrial(TrialId id, IReportSink reports)
{
    private readonly TaskCompletionSource<WorkerMessage> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TrialId Id => id;

    /// <summary>Takes its reports.</summary>
    public IReportSink Reports => reports;

    /// <summary>The worker's last message about it; never done if the worker ends before.</summary>
    public Task<WorkerMessage> End => _end.Task;

    public void SetEnd(WorkerMessage end) => _end.TrySetResult(end);
}
