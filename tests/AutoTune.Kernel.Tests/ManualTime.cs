namespace AutoTune.Kernel.Tests;

/// <summary>A clock that stands still until it is advanced; timers that have come due then fire.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<(DateTimeOffset Due, Timer Timer)> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        List<Timer> due;
        lock (_timers)
        {
            _now += time;
            due = [.. _timers.Where(entry => entry.Due <= _now).OrderBy(entry => entry.Due).Select(entry => entry.Timer)];
            _timers.RemoveAll(entry => entry.Due <= _now);
        }

        foreach (var timer in due) timer.Fire();
    }

    private sealed class Timer(ManualTime time, Action callback) : ITimer
    {
        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._timers)
            {
                time._timers.RemoveAll(entry => entry.Timer == this);
                if (dueTime != Timeout.InfiniteTimeSpan) time._timers.Add((time._now + dueTime, this));
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, default);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
