namespace AutoTune.Tuners.GaussianProcess;

/// <summary>How long at least one of the trials told was on its way: the length of the union of their intervals.</summary>
/// <remarks>Read off the trials, not off a clock, so that a replay sees what the first run saw; gaps between runs do not count. Not thread-safe.</remarks>
internal sealed class TimeSpent
{
    private readonly List<(DateTimeOffset Start, DateTimeOffset End)> _intervals = []; // apart; the last one ends last
    private TimeSpan _closed;

    /// <summary>The time so far.</summary>
    public TimeSpan Total => _closed;

    public void Add(Trial trial)
    {
        if (trial.FinishedAt is not { } end || end < trial.StartedAt) return;
        var start = trial.StartedAt;
        while (_intervals.Count > 0 && _intervals[^1].End >= start)
        {
            var last = _intervals[^1];
            _intervals.RemoveAt(_intervals.Count - 1);
            _closed -= last.End - last.Start;
            if (last.Start < start) start = last.Start;
            if (last.End > end) end = last.End;
        }

        _intervals.Add((start, end));
        _closed += end - start;
    }
}
