using AutoTune.Journals;

namespace AutoTune.Kernel.Tests.Simulation;

/// <summary>A journal that can be read after the study has closed it.</summary>
internal sealed class KeptFacts : IJournal
{
    private readonly MemoryJournal _journal = new();

    public void Append(StudyEvent studyEvent) => _journal.Append(studyEvent);

    public IEnumerable<StudyEvent> Read(long fromSequence = 0) => _journal.Read(fromSequence);

    public void Dispose() { }
}
