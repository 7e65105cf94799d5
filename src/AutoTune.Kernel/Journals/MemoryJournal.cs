namespace AutoTune.Journals;

/// <summary>A journal that lasts as long as the process: the default. Thread-safe.</summary>
public sealed class MemoryJournal : IJournal
{
    private readonly Lock _lock = new();
    private readonly List<StudyEvent> _events = [];

    /// <inheritdoc/>
    public void Append(StudyEvent studyEvent)
    {
        ArgumentNullException.ThrowIfNull(studyEvent);
        lock (_lock)
        {
            if (studyEvent.Sequence != _events.Count)
                throw new JournalException($"Fact {studyEvent.Sequence} does not follow fact {_events.Count - 1}: another writer is at work on this study; run one at a time.");
            _events.Add(studyEvent);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<StudyEvent> Read(long fromSequence = 0)
    {
        lock (_lock) return _events[(int)Math.Min(fromSequence, _events.Count)..];
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
