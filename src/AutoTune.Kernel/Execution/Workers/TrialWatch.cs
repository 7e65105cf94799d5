namespace AutoTune.Execution;

/// <summary>Watches a trial in a worker: its limits, its cancellation, signs of life; ends the worker where that is the only way.</summary>
internal sealed class TrialWatch(Worker worker, RunningTrial trial, WorkerOptions options, TimeProvider time, CancellationToken cancellationToken)
{
    private const long BytesOfMegabyte = 1 << 20;

    /// <summary>How often limits are looked at.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>After what silence a worker, which shows life each second, is given up: longer than a busy machine holds a process up.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    private readonly long _start = time.GetTimestamp();
    private TrialLimitException? _limit;
    private bool _isRetryable;
    private bool _isSilent;

    /// <summary>Waits for the end and says what became of the trial.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<TrialOutcome> OutcomeAsync()
    {
        await WatchAsync().ConfigureAwait(false);
        if (trial.End.IsCompleted)
        {
            await worker.Console.EndAsync(time).ConfigureAwait(false);
            // A value that came after the limit is a value all the same.
            if (await trial.End.ConfigureAwait(false) is WorkerMessage.Ended ended) return OutcomeOf(ended);
            if (_limit is not null) return Failed(_limit, _isRetryable);
            throw new OperationCanceledException(cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_limit is not null) return Failed(_limit, _isRetryable);
        var how = _isSilent
            ? FormattableString.Invariant($"The worker process that evaluated it showed no sign of life for {LongestSilence.TotalSeconds:G6} s and was ended.")
            : $"The worker process that evaluated it ended with {worker.End}{(worker.Console.NativeError is { Length: > 0 } reason ? $": {reason.TrimEnd('.')}" : "")}.";
        return Failed(new WorkerProcessException(how), isRetryable: true);
    }

    private async Task WatchAsync()
    {
        using var registration = cancellationToken.UnsafeRegister(_ => worker.Cancel(trial.Id), null);
        long? toldToEnd = null;
        while (true)
        {
            using var wake = new CancellationTokenSource();
            await Task.WhenAny(trial.End, worker.Gone, Task.Delay(Interval, time, wake.Token)).ConfigureAwait(false);
            await wake.CancelAsync().ConfigureAwait(false);
            if (trial.End.IsCompleted || worker.Gone.IsCompleted) return;

            if (toldToEnd is null && IsBeyondTime())
            {
                _limit = new TrialLimitException(FormattableString.Invariant(
                    $"It took longer than the limit of {options.TrialTimeLimit!.Value.TotalSeconds:G6} s a trial and was ended; raise WorkerOptions.TrialTimeLimit, or narrow the space where trials are slow."));
                worker.Cancel(trial.Id);
                toldToEnd = time.GetTimestamp();
            }

            if (cancellationToken.IsCancellationRequested) toldToEnd ??= time.GetTimestamp();
            _isSilent = worker.Silence > LongestSilence;
            if (IsBeyondMemory() || _isSilent || (toldToEnd is { } told && time.GetElapsedTime(told) >= options.GraceTime)) worker.Kill();
        }
    }

    private bool IsBeyondTime() => options.TrialTimeLimit is { } limit && time.GetElapsedTime(_start) >= limit;

    private bool IsBeyondMemory()
    {
        if (options.MemoryLimit is not { } limit || worker.Memory is var memory && memory <= limit) return false;
        _limit ??= new TrialLimitException($"Its process came to {memory / BytesOfMegabyte} MB of memory, beyond the limit of {limit / BytesOfMegabyte} MB, and was ended"
            + (worker.TrialCount == 1 ? "" : $"; it had evaluated {worker.TrialCount - 1} trials before")
            + ". Raise WorkerOptions.MemoryLimit, or narrow the space where models are large.");
        // What earlier trials left behind may have been too much, and a fresh process enough.
        _isRetryable = worker.TrialCount > 1;
        return true;
    }

    private TrialOutcome.Failed Failed(Exception error, bool isRetryable)
    {
        var tail = worker.Console.Tail;
        return new TrialOutcome.Failed(TrialError.Of(error) with { Details = tail.Length > 0 ? $"The process wrote last:\n{tail}" : "" }, isRetryable) { Exception = error };
    }

    private static TrialOutcome OutcomeOf(WorkerMessage.Ended ended) => ended.Outcome is TrialOutcome.Failed failed && !ended.SpaceProblems.IsEmpty
        ? failed with { Exception = new SearchSpaceException("", ended.SpaceProblems) }
        : ended.Outcome;
}
