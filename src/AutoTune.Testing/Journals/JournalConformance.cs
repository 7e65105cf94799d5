using System.Collections.Immutable;
using AutoTune.Journals;

namespace AutoTune.Testing;

/// <summary>The laws of <see cref="IJournal"/>. Inherit, say how one is opened, and run each of <see cref="Laws"/> as a test.</summary>
/// <remarks>A law opens studies of names of its own, so that all may run on one file.</remarks>
public abstract class JournalConformance
{
    /// <summary>Opens the journal of a study; of the same name again: what was kept, if the journal is durable.</summary>
    protected abstract IJournal Open(string studyName);

    /// <summary>Whether facts outlast the journal object.</summary>
    protected abstract bool IsDurable { get; }

    /// <summary>The laws, each with its check.</summary>
    public IEnumerable<Law> Laws()
    {
        yield return Law.Of("A new journal is empty", NewIsEmpty);
        yield return Law.Of("Every kind of fact comes back as it was", EveryKindComesBack);
        yield return Law.Of("Reading from a sequence number gives the facts from there on", ReadFrom);
        yield return Law.Of("What was read is a snapshot", ReadIsASnapshot);
        yield return Law.Of("A sequence number that does not follow is refused and changes nothing", SequenceMustFollow);
        yield return Law.Of("A journal can be read by many while it is written", ReadWhileWritten);
        yield return Law.Of("Journals of other names are apart", NamesAreApart);
        if (!IsDurable) yield break;
        yield return Law.Of("Facts outlast the journal", FactsOutlastTheJournal);
        yield return Law.Of("A journal goes on where it was closed", GoesOnWhereItWasClosed);
        yield return Law.Of("A second writer is refused", SecondWriterIsRefused);
    }

    private void NewIsEmpty()
    {
        using var journal = Open("new");
        Demand.That(!journal.Read().Any(), $"A new journal gave {journal.Read().Count()} facts.");
        Demand.That(!journal.Read(5).Any(), $"A new journal gave facts from sequence number 5 on.");
    }

    private void EveryKindComesBack()
    {
        var facts = ExampleJournal.Facts("every kind");
        using var journal = Open("every kind");
        for (var i = 0; i < facts.Length; i++)
        {
            journal.Append(facts[i]);
            Demand.That(journal.Read().Count() == i + 1, $"After {i + 1} facts were appended {journal.Read().Count()} were read.");
        }

        DemandSame(facts, journal.Read());
    }

    private void ReadFrom()
    {
        var facts = ExampleJournal.Facts("from");
        using var journal = Open("from");
        foreach (var fact in facts) journal.Append(fact);
        for (var from = 0; from <= facts.Length + 2; from++) DemandSame([.. facts.Skip(from)], journal.Read(from));
    }

    private void ReadIsASnapshot()
    {
        var facts = ExampleJournal.Facts("snapshot");
        using var journal = Open("snapshot");
        foreach (var fact in facts.Take(3)) journal.Append(fact);
        var snapshot = journal.Read();
        foreach (var fact in facts.Skip(3)) journal.Append(fact);
        DemandSame([.. facts.Take(3)], snapshot);
        DemandSame(facts, journal.Read());
    }

    private void SequenceMustFollow()
    {
        var facts = ExampleJournal.Facts("sequence");
        using var journal = Open("sequence");
        Demand.Throws<JournalException>(() => journal.Append(facts[1]), "Appending fact 1 to an empty journal");
        journal.Append(facts[0]);
        journal.Append(facts[1]);
        Demand.Throws<JournalException>(() => journal.Append(facts[1]), "Appending the same fact twice");
        Demand.Throws<JournalException>(() => journal.Append(facts[3]), "Appending with a gap");
        Demand.Throws<JournalException>(() => journal.Append(facts[2] with { Sequence = -1 }), "Appending fact -1");
        Demand.Throws<ArgumentNullException>(() => journal.Append(null!), "Appending null");
        journal.Append(facts[2]);
        DemandSame([.. facts.Take(3)], journal.Read());
    }

    private void ReadWhileWritten()
    {
        const int Count = 300;
        using var journal = Open("busy");
        var first = ExampleJournal.Facts("busy").Take(2).ToImmutableArray();
        foreach (var fact in first) journal.Append(fact);
        using var done = new ManualResetEventSlim();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() =>
        {
            var seen = 0;
            while (!done.IsSet)
            {
                var facts = journal.Read().ToList();
                Demand.That(facts.Count >= seen, $"A reader saw {seen} facts, and later {facts.Count}.");
                for (var i = 0; i < facts.Count; i++) Demand.That(facts[i].Sequence == i, $"A reader saw fact {facts[i].Sequence} at place {i}.");
                seen = facts.Count;
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        try
        {
            for (var step = 1; step <= Count; step++)
                journal.Append(new TrialReported(new TrialReport(new TrialId(0), step, step)) { Sequence = journal.Read().Count() });
        }
        finally
        {
            done.Set();
        }

        try
        {
            Task.WaitAll(readers);
        }
        catch (AggregateException error)
        {
            throw new ConformanceException($"Reading while another thread wrote failed: {error.InnerException!.Message}", error.InnerException);
        }

        Demand.That(journal.Read().Count() == Count + 2, $"After {Count + 2} facts were appended {journal.Read().Count()} were read.");
    }

    private void NamesAreApart()
    {
        using var one = Open("one 'quoted'; --");
        using var two = Open("two");
        var facts = ExampleJournal.Facts();
        one.Append(facts[0]);
        two.Append(facts[0]);
        two.Append(facts[1]);
        DemandSame([facts[0]], one.Read());
        DemandSame([.. facts.Take(2)], two.Read());
    }

    private void FactsOutlastTheJournal()
    {
        var facts = ExampleJournal.Facts("durable");
        using (var journal = Open("durable"))
        {
            foreach (var fact in facts) journal.Append(fact);
        }

        using var again = Open("durable");
        DemandSame(facts, again.Read());
    }

    private void GoesOnWhereItWasClosed()
    {
        var facts = ExampleJournal.Facts("reopened");
        foreach (var fact in facts)
        {
            using var journal = Open("reopened");
            journal.Append(fact);
        }

        using var last = Open("reopened");
        DemandSame(facts, last.Read());
    }

    private void SecondWriterIsRefused()
    {
        var facts = ExampleJournal.Facts("two writers");
        using var first = Open("two writers");
        first.Append(facts[0]);
        Demand.Throws<JournalException>(() => WriteAsSecond(facts[1]), "Opening and appending by a second writer");
        first.Append(facts[1]);
        Demand.Throws<JournalException>(() => WriteAsSecond(facts[2]), "Opening and appending by a second writer");
        first.Append(facts[2]);
        DemandSame([.. facts.Take(3)], first.Read());

        void WriteAsSecond(StudyEvent fact)
        {
            using var second = Open("two writers"); // refused here, or when it appends
            second.Append(fact);
        }
    }

    private static void DemandSame(ImmutableArray<StudyEvent> expected, IEnumerable<StudyEvent> read)
    {
        var actual = read.ToImmutableArray();
        Demand.That(expected.Length == actual.Length, $"{expected.Length} facts were appended, {actual.Length} came back.");
        for (var i = 0; i < expected.Length; i++)
            Demand.That(SameFact.Difference(expected[i], actual[i]) is null, $"Fact {expected[i].Sequence} changed: {SameFact.Difference(expected[i], actual[i])}.");
    }
}
