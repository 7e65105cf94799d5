using AutoTune.Journals;

namespace AutoTune.Kernel.Tests.Studies;

/// <summary>A memory journal that survives its study, so that a test can open the study again; it can be made to fail.</summary>
internal sealed class KeptJournal : IJournal
{
    private readonly MemoryJournal _facts = new();

    public long FailsFrom { get; set; } = long.MaxValue;

    public IReadOnlyList<StudyEvent> Events => [.. _facts.Read()];

    public void Append(StudyEvent studyEvent)
    {
        if (studyEvent.Sequence >= FailsFrom) throw new IOException("disk full");
        _facts.Append(studyEvent);
    }

    public IEnumerable<StudyEvent> Read(long fromSequence = 0) => _facts.Read(fromSequence);

    public void Dispose() { }

    /// <summary>A journal that holds the first facts of this one only, as if the process had been killed there.</summary>
    public KeptJournal CutAfter(int facts)
    {
        var cut = new KeptJournal();
        foreach (var fact in Events.Take(facts)) cut.Append(fact);
        return cut;
    }
}
