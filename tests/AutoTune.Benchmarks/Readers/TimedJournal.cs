using System.Diagnostics;
using AutoTune.Journals;

namespace AutoTune.Benchmarks.Readers;

/// <summary>A journal that takes the time of each append to another one. A study appends one fact at a time.</summary>
internal sealed class TimedJournal(IJournal journal, string log, int capacity) : IJournal
{
    private readonly long[] _ticks = new long[capacity];
    private int _count;
    private long _begun;
    private long _ended;

    /// <summary>Microseconds of each append.</summary>
    public IReadOnlyList<double> Microseconds => [.. _ticks.Take(_count).Select(ticks => ticks * 1e6 / Stopwatch.Frequency)];

    /// <summary>From the first append to the last.</summary>
    public TimeSpan Time => Stopwatch.GetElapsedTime(_begun, _ended);

    /// <summary>How large the database's log was in the end, in bytes: it only ever grows.</summary>
    public long LogLength { get; private set; }

    public void Append(StudyEvent studyEvent)
    {
        var start = Stopwatch.GetTimestamp();
        journal.Append(studyEvent);
        _ended = Stopwatch.GetTimestamp();
        if (_count == 0) _begun = start;
        _ticks[_count++] = _ended - start;
    }

    public IEnumerable<StudyEvent> Read(long fromSequence = 0) => journal.Read(fromSequence);

    public void Dispose()
    {
        LogLength = new FileInfo(log).Length;
        journal.Dispose();
    }
}
