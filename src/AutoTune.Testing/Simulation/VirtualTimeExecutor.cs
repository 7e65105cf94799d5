using AutoTune.Execution;

namespace AutoTune.Testing;

/// <summary>
/// Runs trials in virtual time: each step takes as long as a function says, and a study of hours on many slots is over in seconds, with
/// the same journal each time.
/// </summary>
/// <remarks>
/// What is due first happens first; timers come before trials, and lower trial numbers before higher ones. The clock moves only while the
/// study waits, so the objective may be any that ends without waiting for real time or for another trial. Set it up by <c>UseVirtualTime</c>.
/// An <see cref="ISteppedObjective"/> needs no threads and is much faster.
/// </remarks>
public sealed class VirtualTimeExecutor : ITrialExecutor
{
    private readonly InProcessExecutor _inner;
    private readonly ISteppedObjective? _stepped;
    private readonly VirtualTime _time;
    private readonly StepCost _cost;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<TrialId, SimulatedTrial> _trials = []; // those that have not ended

    /// <summary>An executor for an objective.</summary>
    /// <param name="objective">What evaluates the trials.</param>
    /// <param name="time">The clock that it moves.</param>
    /// <param name="slots">How many trials run at a time.</param>
    /// <param name="cost">How long a step takes.</param>
    public VirtualTimeExecutor(IObjective objective, VirtualTime time, int slots, StepCost cost)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(cost);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        _inner = new InProcessExecutor(objective, slots);
        _stepped = objective as ISteppedObjective;
        _time = time;
        _cost = cost;
        Slots = slots;
    }

    /// <inheritdoc/>
    public int Slots { get; }

    /// <inheritdoc/>
    public Task<TrialOutcome> ExecuteAsync(TrialAssignment assignment, IReportSink reports, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        ArgumentNullException.ThrowIfNull(reports);
        SimulatedTrial trial = _stepped is { } stepped
            ? new SteppedTrial(assignment, reports, stepped, cancellationToken)
            : new ThreadedTrial(assignment, reports, _inner, cancellationToken);
        lock (_lock) _trials[trial.Id] = trial; // one that is resumed takes the place of its earlier self
        return trial.Task;
    }

    /// <inheritdoc/>
    public void OnStudyWaits(Func<bool> isWoken)
    {
        ArgumentNullException.ThrowIfNull(isWoken);
        while (!isWoken())
        {
            var next = Next();
            var timer = _time.NextTimer;
            if (timer is not null && (next is null || timer <= next.Due))
            {
                _time.AdvanceTo(timer.Value);
                continue;
            }

            if (next is null) return;
            _time.AdvanceTo(next.Due);
            next.Proceed(_cost);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            foreach (var trial in _trials.Values) trial.Dispose();
            _trials.Clear();
        }

        return _inner.DisposeAsync();
    }

    /// <summary>The trial that is due first, the lowest number among equals; null if none runs.</summary>
    private SimulatedTrial? Next()
    {
        List<SimulatedTrial> trials;
        lock (_lock)
        {
            foreach (var ended in _trials.Where(entry => entry.Value.Task.IsCompleted).ToList())
            {
                ended.Value.Dispose();
                _trials.Remove(ended.Key);
            }

            trials = [.. _trials.Values];
        }

        // Started one by one, lowest number first: an objective that declares its space must do so in one order.
        foreach (var trial in trials.Where(trial => !trial.IsStarted)) trial.Start(_time.GetUtcNow(), _cost);
        return trials.Where(trial => !trial.Task.IsCompleted).MinBy(trial => trial.Due);
    }
}
