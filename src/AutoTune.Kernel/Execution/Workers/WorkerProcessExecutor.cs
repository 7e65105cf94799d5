namespace AutoTune.Execution;

/// <summary>Runs trials in worker processes, one trial at a time in each. Users write <c>InWorkerProcesses</c>.</summary>
/// <remarks>
/// Thread-safe. A worker is started when a trial finds no idle one, and when one has ended; it is kept until the study ends. A worker that
/// ends under a trial is a retryable failure of the trial. Where workers cannot be started at all, the task fails with
/// <see cref="WorkerProcessException"/>: then the study, not the trial, is at an end.
/// </remarks>
internal sealed class WorkerProcessExecutor(WorkerPlan plan, int slots, TimeProvider time) : ITrialExecutor
{
    /// <summary>How many starts in a row may fail, once a worker has been seen to work: the machine may be short of something for a moment.</summary>
    private const int MaxFailedStarts = 3;

    /// <summary>How many may in a row that something killed, which is not the program's doing: it could well be started again.</summary>
    private const int MaxKilledStarts = 20;

    private readonly Lock _lock = new();
    private readonly List<Worker> _all = [];
    private readonly Stack<Worker> _idle = [];
    private bool _hasWorked;
    private int _failedStarts;
    private bool _isDisposed;

    public int Slots => slots;

    public async Task<TrialOutcome> ExecuteAsync(TrialAssignment assignment, IReportSink reports, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var worker = await ReadyWorkerAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await new TrialWatch(worker, worker.Give(assignment, reports), plan.Options, time, cancellationToken).OutcomeAsync().ConfigureAwait(false);
        }
        finally
        {
            if (worker.IsUsable) Return(worker);
            else Replace(worker, isNeeded: !cancellationToken.IsCancellationRequested);
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Worker> all;
        lock (_lock)
        {
            _isDisposed = true;
            all = [.. _all];
            _all.Clear();
            _idle.Clear();
        }

        await Task.WhenAll(all.Select(worker => worker.EndAsync())).ConfigureAwait(false);
    }

    private async Task<Worker> ReadyWorkerAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var worker = Take();
            try
            {
                await worker.ReadyAsync(cancellationToken).ConfigureAwait(false);
                (_hasWorked, _failedStarts) = (true, 0);
                return worker;
            }
            catch (OperationCanceledException)
            {
                Return(worker);
                throw;
            }
            catch (WorkerProcessException)
            {
                Remove(worker);
                var most = worker.WasKilled ? MaxKilledStarts : _hasWorked ? MaxFailedStarts : 1;
                if (Interlocked.Increment(ref _failedStarts) >= most) throw;
            }
        }
    }

    private Worker Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            while (_idle.TryPop(out var idle))
            {
                if (idle.IsUsable) return idle;
                _ = RemoveAsync(idle); // it ended while nothing was asked of it
            }

            return StartOne();
        }
    }

    private Worker StartOne()
    {
        var number = Enumerable.Range(0, _all.Count + 1).First(number => _all.All(other => other.Number != number));
        var worker = Worker.Start(plan, number, time);
        _all.Add(worker);
        return worker;
    }

    private void Return(Worker worker)
    {
        lock (_lock)
        {
            if (!_isDisposed) _idle.Push(worker);
        }
    }

    private void Replace(Worker worker, bool isNeeded)
    {
        Remove(worker);
        lock (_lock)
        {
            if (_isDisposed || !isNeeded) return;
            try
            {
                _idle.Push(StartOne());
            }
            catch (WorkerProcessException)
            {
                // The next trial meets it again, and says so.
            }
        }
    }

    private void Remove(Worker worker) => _ = RemoveAsync(worker);

    private Task RemoveAsync(Worker worker)
    {
        lock (_lock) _all.Remove(worker);
        return worker.EndAsync();
    }
}
