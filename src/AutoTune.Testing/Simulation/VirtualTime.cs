namespace AutoTune.Testing;

/// <summary>A clock that stands still until it is moved; timers that come due on the way fire, in the order of their due times. Thread-safe.</summary>
public sealed class VirtualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(DateTimeOffset Due, long Number), Timer> _timers = [];
    private DateTimeOffset _now;
    private long _timersMade;

    /// <summary>A clock that shows the beginning of 2026, UTC.</summary>
    public VirtualTime() : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)) { }

    /// <summary>A clock that shows this time.</summary>
    public VirtualTime(DateTimeOffset start)
    {
        Start = start;
        _now = start;
    }

    /// <summary>What it showed at first.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>How much time has passed since.</summary>
    public TimeSpan Elapsed => GetUtcNow() - Start;

    /// <summary>When the next timer comes due; null if none does.</summary>
    public DateTimeOffset? NextTimer
    {
        get
        {
            lock (_lock) return _timers.Count == 0 ? null : _timers.First().Key.Due;
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves on by a time.</summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        AdvanceTo(GetUtcNow() + time);
    }

    /// <summary>Moves on to a time; one that has passed changes nothing. Returns when the timers due have fired, on this thread.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        while (true)
        {
            Timer timer;
            lock (_lock)
            {
                if (_timers.Count == 0 || _timers.First().Key.Due > time)
                {
                    if (time > _now) _now = time;
                    return;
                }

                (var (due, _), timer) = _timers.First();
                if (due > _now) _now = due;
                timer.Reschedule();
            }

            timer.Fire();
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(VirtualTime time, Action callback) : ITimer
    {
        private (DateTimeOffset Due, long Number)? _entry;
        private TimeSpan _period;

        public void Fire() => callback();

        /// <summary>Under the lock: what has come due is due again after its period, if it has one.</summary>
        public void Reschedule() => Enter(_period > TimeSpan.Zero ? _entry!.Value.Due + _period : null);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                _period = period;
                Enter(dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime);
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Enter(DateTimeOffset? due)
        {
            if (_entry is { } old) time._timers.Remove(old);
            _entry = due is { } at ? (at, time._timersMade++) : null;
            if (_entry is { } entry) time._timers.Add(entry, this);
        }
    }
}
