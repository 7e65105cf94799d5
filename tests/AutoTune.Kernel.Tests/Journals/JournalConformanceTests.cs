using AutoTune.Journals;
using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Journals;

/// <summary>The kit finds each of these faults, and by the law that is meant to.</summary>
[TestClass]
public sealed class JournalConformanceTests
{
    [TestMethod]
    [DataRow(Fault.None, null)]
    [DataRow(Fault.TakesAnySequence, "A sequence number that does not follow is refused and changes nothing")]
    [DataRow(Fault.GivesTheLiveList, "What was read is a snapshot")]
    [DataRow(Fault.IgnoresFrom, "Reading from a sequence number gives the facts from there on")]
    [DataRow(Fault.LosesSignOfZero, "Every kind of fact comes back as it was")]
    [DataRow(Fault.SharesOneList, "A new journal is empty")]
    [DataRow(Fault.SharesOneList, "Journals of other names are apart")]
    [DataRow(Fault.Forgets, "Facts outlast the journal")]
    [DataRow(Fault.Forgets, "A journal goes on where it was closed")]
    [DataRow(Fault.LetsTwoWrite, "A second writer is refused")]
    public async Task Laws_AJournalWithAFault_AreBroken(Fault fault, string? broken)
    {
        var failures = new List<string>();
        foreach (var law in new Conformance(fault).Laws())
        {
            try
            {
                await law.Check();
            }
            catch (ConformanceException)
            {
                failures.Add(law.Name);
            }
        }

        if (broken is null) Assert.IsEmpty(failures);
        else Assert.Contains(broken, failures);
    }

    public enum Fault { None, TakesAnySequence, GivesTheLiveList, IgnoresFrom, LosesSignOfZero, SharesOneList, Forgets, LetsTwoWrite }

    private sealed class Conformance(Fault fault) : JournalConformance
    {
        private readonly SortedDictionary<string, List<StudyEvent>> _kept = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, FaultyJournal> _writers = new(StringComparer.Ordinal);

        protected override bool IsDurable => true;

        protected override IJournal Open(string studyName)
        {
            if (fault == Fault.Forgets) return new FaultyJournal(fault, []);
            var key = fault == Fault.SharesOneList ? "" : studyName;
            if (!_kept.TryGetValue(key, out var facts)) _kept[key] = facts = fault == Fault.SharesOneList ? [ExampleJournal.Facts()[0]] : [];
            if (_writers.TryGetValue(studyName, out var writer) && !writer.IsClosed && fault != Fault.LetsTwoWrite) throw new JournalException("is being written");
            return _writers[studyName] = new FaultyJournal(fault, facts);
        }
    }

    private sealed class FaultyJournal(Fault fault, List<StudyEvent> facts) : IJournal
    {
        public bool IsClosed { get; private set; }

        public void Append(StudyEvent studyEvent)
        {
            ArgumentNullException.ThrowIfNull(studyEvent);
            lock (facts)
            {
                if (studyEvent.Sequence != facts.Count && fault != Fault.TakesAnySequence) throw new JournalException("does not follow");
                if (fault == Fault.LosesSignOfZero && studyEvent is TrialReported { Report.Loss: 0 } zero)
                    studyEvent = zero with { Report = zero.Report with { Loss = 0 } };
                facts.Add(studyEvent);
            }
        }

        public IEnumerable<StudyEvent> Read(long fromSequence = 0)
        {
            if (fault == Fault.GivesTheLiveList) return facts.Skip((int)fromSequence);
            lock (facts) return facts.Skip(fault == Fault.IgnoresFrom ? 0 : (int)fromSequence).ToList();
        }

        public void Dispose() => IsClosed = true;
    }
}
