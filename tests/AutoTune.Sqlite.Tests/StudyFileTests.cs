using System.Collections.Immutable;
using AutoTune.Journals;
using AutoTune.Testing;

namespace AutoTune.Sqlite.Tests;

[TestClass]
public sealed class StudyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public void Read_WhileTheStudyIsWritten_GivesItAsItStands()
    {
        using var journal = new SqliteJournal(_folder["study.db"], "x");
        var facts = ExampleJournal.Facts("x");
        journal.Append(facts[0]);
        var file = StudyFile.Open(_folder["study.db"]);
        for (var i = 1; i < facts.Length; i++)
        {
            journal.Append(facts[i]);
            if (facts[i] is not TrialReported) Assert.AreEqual(i + 1, file.Read("x").EventCount); // a report waits for the next fact, or a moment
        }

        Assert.AreEqual(StudyView.Of(facts).Best!.Configuration, file.Read("x").Best!.Configuration);
    }

    [TestMethod]
    public void StudyNames_SeveralStudies_AreInTheOrderOfTheirCreation()
    {
        foreach (var name in new[] { "zebra", "Ätna", "b/c" })
        {
            using var journal = new SqliteJournal(_folder["study.db"], name);
            journal.Append(ExampleJournal.Facts(name)[0]);
        }

        using (new SqliteJournal(_folder["study.db"], "opened but never written")) { }
        Assert.AreSequenceEqual(["zebra", "Ätna", "b/c"], StudyFile.Open(_folder["study.db"]).StudyNames);
        Assert.AreEqual("Ätna", StudyFile.Open(_folder["study.db"]).Read("Ätna").Name);
    }

    [TestMethod]
    public void Open_NoSuchFile_SaysSoAndCreatesNone()
    {
        var error = Assert.ThrowsExactly<JournalException>(() => StudyFile.Open(_folder["none.db"]));
        Assert.AreEqual($"The study file '{_folder["none.db"]}' does not exist; check the path.", error.Message);
        Assert.IsEmpty(Directory.GetFiles(_folder.Path));
    }

    [TestMethod]
    public void Read_NoSuchStudy_NamesThoseThatThereAre()
    {
        using var journal = new SqliteJournal(_folder["study.db"], "x");
        var file = StudyFile.Open(_folder["study.db"]);
        Assert.AreEqual($"The study 'y' is not in '{file.Path}'; it has none yet.", Assert.ThrowsExactly<JournalException>(() => file.Read("y")).Message);
        journal.Append(ExampleJournal.Facts("x")[0]);
        Assert.AreEqual($"The study 'y' is not in '{file.Path}'; it has 'x'.", Assert.ThrowsExactly<JournalException>(() => file.Read("y")).Message);
    }

    [TestMethod]
    public async Task Golden_FileOfVersion1_IsReadAndGoneOnWith()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "golden-version-1.sqlite"), _folder["old.db"]);
        var file = StudyFile.Open(_folder["old.db"]);
        Assert.AreSequenceEqual(["example", "second"], file.StudyNames);
        var example = file.ReadFacts("example");
        Assert.AreSequenceEqual(Lines(_folder["old.db"]), example.Select(EventWriter.Write));
        DemandSame([.. example.Skip(20)], file.ReadFacts("example", 20));
        var before = file.ReadFacts("second");

        var space = new SearchSpaceBuilder();
        space.AddReal("rate", 1e-5, 1, Scale.Log);
        space.AddInteger("width", 1, 64);
        var study = new StudyBuilder("second").WithSearchSpace(space).WithSeed(3).SaveTo(_folder["old.db"]).ForTrials(8);
        var result = await study.RunAsync(trial => trial.Random.NextDouble());
        Assert.AreEqual(8, result.View.CompletedCount);
        DemandSame(before, [.. file.ReadFacts("second").Take(before.Length)]);
        DemandSame([.. file.ReadFacts("second").Skip(10)], file.ReadFacts("second", 10));
        DemandSame(example, file.ReadFacts("example"));
    }

    [TestMethod]
    public void ReadFacts_FromEachSequenceOnWhileWritten_GivesThoseFromThereOn()
    {
        var facts = ExampleJournal.Facts("x");
        using var journal = new SqliteJournal(_folder["study.db"], "x", Durability.ProcessCrash, new JournalSettings(BlockLength: 700));
        foreach (var fact in facts) journal.Append(fact);
        for (var from = 0; from <= facts.Length + 2; from++) DemandSame([.. facts.Skip(from)], StudyFile.Open(_folder["study.db"]).ReadFacts("x", from));
    }

    [TestMethod]
    [DataRow(200)] // every few facts a block: through the database, and from one region of the tail into the other
    [DataRow(700)]
    [DataRow(64 * 1024)] // one block: from the tail alone
    public void ReadFacts_FromWhereTheLastAnswerEnded_GivesWhatIsNew(int blockLength)
    {
        var facts = ExampleJournal.Facts("x");
        for (var stride = 1; stride <= facts.Length; stride += 3)
        {
            var path = _folder[$"study-{stride}.db"];
            List<StudyEvent> read = [];
            var file = default(StudyFile);
            using (var journal = new SqliteJournal(path, "x", Durability.ProcessCrash, new JournalSettings(BlockLength: blockLength)))
            {
                for (var i = 0; i < facts.Length; i++)
                {
                    journal.Append(facts[i]);
                    if (i % stride != 0 || facts[i] is TrialReported) continue; // a report waits for the next fact, or a moment
                    file ??= StudyFile.Open(path);
                    read.AddRange(file.ReadFacts("x", read.Count));
                    Assert.HasCount(i + 1, read);
                    Assert.IsEmpty(file.ReadFacts("x", read.Count));
                }
            }

            read.AddRange(file!.ReadFacts("x", read.Count)); // the tail file is gone
            DemandSame(facts, [.. read]);
        }
    }

    [TestMethod]
    public void ReadFacts_AFactBesideTheTail_IsAmongWhatIsNew()
    {
        using var journal = new SqliteJournal(_folder["study.db"], "x");
        foreach (var fact in ExampleJournal.Facts("x").Take(5)) journal.Append(fact);
        var file = StudyFile.Open(_folder["study.db"]);
        Assert.HasCount(5, file.ReadFacts("x"));
        for (var i = 5; i < 12; i++)
        {
            journal.Append(i % 3 == 0 ? new TrialRestarted(new TrialId(0)) { Sequence = i } : new TrialInterrupted(new TrialId(0), new string('ü', TailFile.Capacity / (i % 3))) { Sequence = i });
            Assert.AreEqual(i, file.ReadFacts("x", i).Single().Sequence);
        }
    }

    [TestMethod]
    public void ReadFacts_AnotherWriterOrAnotherFileInItsPlace_IsReadAnew()
    {
        var facts = ExampleJournal.Facts("x");
        var file = default(StudyFile);
        var read = 0;
        for (var i = 0; i < facts.Length; i++)
        {
            using var journal = new SqliteJournal(_folder["study.db"], "x");
            journal.Append(facts[i]);
            if (facts[i] is TrialReported) continue; // waits for the next fact, or the journal's end
            file ??= StudyFile.Open(_folder["study.db"]);
            DemandSame(facts[read..(i + 1)], file.ReadFacts("x", read));
            read = i + 1;
        }

        File.Delete(_folder["study.db"]);
        using var other = new SqliteJournal(_folder["study.db"], "x");
        foreach (var fact in facts.Take(2)) other.Append(fact);
        Assert.IsEmpty(file!.ReadFacts("x", facts.Length));
        DemandSame([.. facts.Take(2)], file.ReadFacts("x"));
    }

    [TestMethod]
    public async Task ReadFacts_FollowingAWriterAtFullSpeed_MissesNothing()
    {
        using var journal = new SqliteJournal(_folder["study.db"], "x", Durability.ProcessCrash, new JournalSettings(BlockLength: 2_000, LogLength: 100_000));
        foreach (var fact in ExampleJournal.Facts("x").Take(2)) journal.Append(fact);
        const int count = 60_000;
        var followers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var file = StudyFile.Open(_folder["study.db"]);
            long next = 0;
            while (next < count)
            {
                foreach (var fact in file.ReadFacts("x", next)) Assert.AreEqual(next++, fact.Sequence);
            }
        })).ToList();
        for (var i = 2; i < count - 1; i++) journal.Append(new TrialReported(new TrialReport(new TrialId(0), i, i)) { Sequence = i });
        journal.Append(new TrialRestarted(new TrialId(0)) { Sequence = count - 1 });
        await Task.WhenAll(followers);
    }

    [TestMethod]
    public void Open_FileThatIsJustBeingMade_HasNoStudiesYet()
    {
        File.WriteAllBytes(_folder["study.db"], []);
        var file = StudyFile.Open(_folder["study.db"]);
        Assert.IsEmpty(file.StudyNames);
        Assert.IsEmpty(StudyFile.Check(file.Path));
        Assert.AreEqual($"The study 'x' is not in '{file.Path}'; it has none yet.", Assert.ThrowsExactly<JournalException>(() => file.Read("x")).Message);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The text of the facts as version 1 kept it.</summary>
    private static List<string> Lines(string path)
    {
        using var connection = StudyDatabase.OpenForReading(path);
        using var command = connection.Command("select fact from facts where study = 1 order by sequence");
        using var rows = command.ExecuteReader();
        var lines = new List<string>();
        while (rows.Read()) lines.Add(rows.GetString(0));
        return lines;
    }

    private static void DemandSame(ImmutableArray<StudyEvent> expected, ImmutableArray<StudyEvent> actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++) Assert.IsNull(SameFact.Difference(expected[i], actual[i]), SameFact.Difference(expected[i], actual[i]));
    }
}
