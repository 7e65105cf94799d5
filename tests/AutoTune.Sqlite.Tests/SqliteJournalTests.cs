using AutoTune.Journals;
using AutoTune.Testing;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite.Tests;

[TestClass]
public sealed class SqliteJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static IEnumerable<object[]> Laws => new Conformance("").Laws().Select(law => new object[] { law.Name });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Conformance_EachLaw_Holds(string law) => new Conformance(_folder["laws.db"]).Laws().Single(each => each.Name == law).Check();

    [TestMethod]
    public async Task Conformance_AllLawsOnOneFile_Hold()
    {
        foreach (var law in new Conformance(_folder["laws.db"]).Laws()) await law.Check();
        Assert.HasCount(10, StudyFile.Open(_folder["laws.db"]).StudyNames);
    }

    [TestMethod]
    public void Append_ProcessKilledAfterIt_FactIsThere()
    {
        // What a killed process leaves is what the operating system has: the files as they are now, nothing closed or flushed.
        using var journal = new SqliteJournal(_folder["study.db"], "x");
        var facts = ExampleJournal.Facts("x");
        for (var i = 0; i < facts.Length; i++)
        {
            journal.Append(facts[i]);
            var copy = Directory.CreateDirectory(_folder[$"copy-{i}"]).FullName;
            foreach (var file in new[] { "study.db", "study.db-wal", "study.db-tail-1" }) File.Copy(_folder[file], Path.Combine(copy, file));
            using var revived = new SqliteJournal(Path.Combine(copy, "study.db"), "x");
            // A report may wait for the next fact, a fiftieth of a second at most.
            if (facts[i] is not TrialReported) Assert.AreEqual(i + 1, revived.Read().Count());
            else Assert.IsGreaterThan(facts.Take(i).ToList().FindLastIndex(fact => fact is not TrialReported), revived.Read().Count());
            if (revived.Read().Count() <= i) continue;
            if (i + 1 < facts.Length) revived.Append(facts[i + 1]);
        }
    }

    [TestMethod]
    public void Dispose_AfterWriting_LeavesOneFile()
    {
        using (var journal = new SqliteJournal(_folder["study.db"], "x")) journal.Append(ExampleJournal.Facts("x")[0]);
        Assert.AreSequenceEqual(["study.db"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [TestMethod]
    public void Open_FolderMissing_CreatesIt()
    {
        var path = _folder[Path.Combine("a", "b", "study.db")];
        using (var journal = new SqliteJournal(path, "x")) journal.Append(ExampleJournal.Facts("x")[0]);
        Assert.IsTrue(File.Exists(path));
    }

    [TestMethod]
    public void Open_EmptyFile_BecomesAStudyFile()
    {
        File.WriteAllBytes(_folder["study.db"], []);
        using (var journal = new SqliteJournal(_folder["study.db"], "x")) journal.Append(ExampleJournal.Facts("x")[0]);
        Assert.AreEqual("x", StudyFile.Open(_folder["study.db"]).StudyNames.Single());
    }

    [TestMethod]
    public void Open_AFolder_SaysWhatToDo() => ExpectMessage(_folder.Path, path => $"The study file '{path}' is a folder; give a file in it, such as '{Path.Combine(path, "study.db")}'.");

    [TestMethod]
    public void Open_FolderIsAFile_SaysWhatToDo()
    {
        File.WriteAllText(_folder["file"], "x");
        var error = Assert.ThrowsExactly<JournalException>(() => new SqliteJournal(_folder[Path.Combine("file", "study.db")], "x"));
        Assert.StartsWith($"The folder of the study file '{_folder[Path.Combine("file", "study.db")]}' cannot be created:", error.Message);
    }

    [TestMethod]
    public void Open_ReadOnlyFile_SaysWhatToDo()
    {
        using (new SqliteJournal(_folder["study.db"], "x")) { }
        File.SetAttributes(_folder["study.db"], FileAttributes.ReadOnly);
        ExpectMessage(_folder["study.db"], path => $"The study file '{path}' is read-only; make it writable, or save to another file.");
    }

    [TestMethod]
    public void Open_TextFile_SaysWhatToDo()
    {
        var text = string.Concat(Enumerable.Repeat("price,carat\n", 100));
        File.WriteAllText(_folder["data.csv"], text);
        ExpectMessage(_folder["data.csv"], path => $"The file '{path}' is not a study file: it is no SQLite database; save to another file.");
        Assert.AreEqual(text, File.ReadAllText(_folder["data.csv"]));
    }

    [TestMethod]
    public void Open_DatabaseOfAnotherProgram_SaysWhatToDoAndLeavesItAlone()
    {
        Execute(_folder["other.db"], "create table customers (name text)");
        var before = File.ReadAllBytes(_folder["other.db"]);
        ExpectMessage(_folder["other.db"], path => $"The file '{path}' is an SQLite database of some other program, not a study file; save to another file.");
        Assert.IsTrue(before.AsSpan().SequenceEqual(File.ReadAllBytes(_folder["other.db"])));
    }

    [TestMethod]
    public void Open_NewerFile_SaysWhatToDo()
    {
        using (new SqliteJournal(_folder["study.db"], "x")) { }
        Execute(_folder["study.db"], "pragma user_version = 3");
        ExpectMessage(_folder["study.db"], path => $"The study file '{path}' was written by a newer AutoTune (file version 3; this one reads up to 2); update the package.");
        Assert.ThrowsExactly<JournalException>(() => StudyFile.Open(_folder["study.db"]));
    }

    [TestMethod]
    public void Read_NewerFact_SaysWhatToDo()
    {
        using (var journal = new SqliteJournal(_folder["study.db"], "x")) journal.Append(ExampleJournal.Facts("x")[0]);
        Execute(_folder["study.db"], "update blocks set schema = 3");
        ExpectMessage(_folder["study.db"], path => $"The study 'x' in '{path}' was written by a newer AutoTune (schema 3; this one reads up to 2); update the package.");
    }

    [TestMethod]
    public void Read_AlteredFact_SaysWhichAndWhatToDo()
    {
        Write(_folder["study.db"]);
        Execute(_folder["study.db"], "update blocks set frames = cast(replace(cast(frames as text), 'Ctrl-C', 'Ctrl-X') as blob) where first > 0");
        var error = Assert.ThrowsExactly<JournalException>(() => StudyFile.Open(_folder["study.db"]).Read("x"));
        Assert.StartsWith($"The study file '{_folder["study.db"]}' is damaged (study 'x': fact ", error.Message);
        Assert.EndsWith($" has been altered); StudyFile.Repair(\"{_folder["study.db"]}\") keeps all up to the damage and sets the damaged file aside.", error.Message);
    }

    [TestMethod]
    public void Read_MissingBlock_SaysWhichAndWhatToDo()
    {
        using (var journal = new SqliteJournal(_folder["study.db"], "x", Durability.ProcessCrash, new JournalSettings(BlockLength: 1)))
        {
            foreach (var fact in ExampleJournal.Facts("x")) journal.Append(fact);
        }

        Execute(_folder["study.db"], "delete from blocks where first = 1");
        var error = Assert.ThrowsExactly<JournalException>(() => StudyFile.Open(_folder["study.db"]).Read("x"));
        Assert.MatchesRegex(@"is damaged \(study 'x': facts 1 to \d+ are missing\); StudyFile.Repair", error.Message);
    }

    [TestMethod]
    public void Append_ManyBlocks_AreReadInOrder()
    {
        using (var journal = new SqliteJournal(_folder["study.db"], "x", Durability.ProcessCrash, new JournalSettings(BlockLength: 300)))
        {
            var count = 0;
            foreach (var fact in Reports(5_000))
            {
                journal.Append(fact);
                if (++count % 500 == 0) Assert.AreEqual(count, journal.Read().Count());
            }
        }

        var read = StudyFile.Open(_folder["study.db"]).ReadFacts("x");
        Assert.HasCount(5_000, read);
        for (var i = 0; i < read.Length; i++) Assert.AreEqual(i, read[i].Sequence);
        Assert.HasCount(7, StudyFile.Open(_folder["study.db"]).ReadFacts("x", 4_993));
    }

    [TestMethod]
    public void Append_FactsLargerThanTheTail_AreKept()
    {
        var large = new string('ü', TailFile.Capacity);
        using var journal = new SqliteJournal(_folder["study.db"], "x");
        var facts = ExampleJournal.Facts("x").Take(5).ToList();
        foreach (var fact in facts) journal.Append(fact);
        for (var i = 5; i < 12; i++)
            journal.Append(i % 3 == 0 ? new TrialRestarted(new TrialId(0)) { Sequence = i } : new TrialInterrupted(new TrialId(0), large[..(TailFile.Capacity / (i % 3))]) { Sequence = i });
        Assert.HasCount(12, journal.Read());
        Assert.AreEqual(TailFile.Capacity, ((TrialInterrupted)journal.Read().Last(fact => fact is TrialInterrupted { Sequence: 10 })).Reason.Length);
    }

    [TestMethod]
    public void Open_ASecondWriter_IsToldWhoIsAtWork()
    {
        var time = new VirtualTime(new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero));
        using (var first = new SqliteJournal(_folder["study.db"], "x", Durability.ProcessCrash, new JournalSettings(Time: time)))
        {
            first.Append(ExampleJournal.Facts("x")[0]);
            ExpectMessage(_folder["study.db"], path => $"The study 'x' in '{path}' is being written by another journal of this process on machine {Environment.MachineName} "
                + "since 2026-03-01 09:30:00Z; wait for its end, or give this study another name or file.");
            Execute(_folder["study.db"], "update writers set process = 12, program = 'trainer'");
            ExpectMessage(_folder["study.db"], path => $"The study 'x' in '{path}' is being written by process 12 (trainer) on machine {Environment.MachineName} "
                + "since 2026-03-01 09:30:00Z; wait for its end, or give this study another name or file.");
            first.Append(ExampleJournal.Facts("x")[1]);
        }

        using var next = new SqliteJournal(_folder["study.db"], "x");
        next.Append(ExampleJournal.Facts("x")[2]);
    }

    [TestMethod]
    public void Append_AWriterThatTheLockDidNotStop_IsRefusedByTheSequence()
    {
        using var journal = new SqliteJournal(_folder["study.db"], "x", Durability.ProcessCrash, new JournalSettings(BlockLength: 1));
        journal.Append(ExampleJournal.Facts("x")[0]);
        Execute(_folder["study.db"], "insert into blocks select study, 1, 1, 0, schema, frames from blocks");
        journal.Append(ExampleJournal.Facts("x")[1]);
        var error = Assert.ThrowsExactly<JournalException>(() =>
        {
            for (var i = 2; ; i++) journal.Append(ExampleJournal.Facts("x")[i]);
        });
        Assert.AreEqual($"Fact 1 does not follow fact 1 of the study 'x' in '{_folder["study.db"]}': another writer has been at work on this study; run one at a time.", error.Message);
    }

    [TestMethod]
    public void Append_PowerLossToBeSurvived_KeepsTheSame()
    {
        using (var journal = new SqliteJournal(_folder["study.db"], "x", Durability.PowerLoss))
        {
            foreach (var fact in ExampleJournal.Facts("x")) journal.Append(fact);
        }

        Assert.HasCount(ExampleJournal.Facts().Length, StudyFile.Open(_folder["study.db"]).ReadFacts("x"));
    }

    [TestMethod]
    public void Append_ReportsAlone_AreHandedOverAFiftiethOfASecondLater()
    {
        var time = new VirtualTime(new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero));
        using var journal = new SqliteJournal(_folder["study.db"], "x", Durability.ProcessCrash, new JournalSettings(Time: time));
        foreach (var fact in Reports(4)) journal.Append(fact);
        var file = StudyFile.Open(_folder["study.db"]);
        Assert.HasCount(2, file.ReadFacts("x"));
        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.HasCount(4, file.ReadFacts("x"));
    }

    [TestMethod]
    public void Open_TailOfAnotherDatabase_IsNoPartOfTheStudy()
    {
        using (var other = new SqliteJournal(_folder["other.db"], "y"))
        {
            foreach (var fact in ExampleJournal.Facts("y")) other.Append(fact);
            File.Copy(_folder["other.db-tail-1"], _folder["study.db-tail-1"]);
        }

        using var journal = new SqliteJournal(_folder["study.db"], "x");
        Assert.IsEmpty(journal.Read());
    }

    [TestMethod]
    public void Append_DiskIsFull_SaysSoAndLosesNothingBefore()
    {
        var kept = 0;
        using (var journal = new SqliteJournal(_folder["study.db"], "x", Durability.ProcessCrash, new JournalSettings(MaxPages: 24)))
        {
            var error = Assert.ThrowsExactly<JournalException>(() =>
            {
                foreach (var fact in Reports(1_000_000))
                {
                    journal.Append(fact);
                    kept++;
                }
            });
            Assert.AreEqual($"The disk of the study file '{_folder["study.db"]}' is full; free some space and run again: the study goes on where it was.", error.Message);
            Assert.ThrowsExactly<JournalException>(() => journal.Append(new TrialRestarted(new TrialId(0)) { Sequence = kept }));
        }

        using var again = new SqliteJournal(_folder["study.db"], "x");
        Assert.HasCount(kept, again.Read());
        again.Append(new TrialRestarted(new TrialId(0)) { Sequence = kept });
    }

    [TestMethod]
    public void Append_TwoStudiesOfOneFileAtATime_BothAreKept()
    {
        using var one = new SqliteJournal(_folder["study.db"], "one");
        using var two = new SqliteJournal(_folder["study.db"], "two");
        Parallel.ForEach(new[] { (one, "one"), (two, "two") }, each =>
        {
            foreach (var fact in ExampleJournal.Facts(each.Item2)) each.Item1.Append(fact);
        });
        Assert.AreEqual(ExampleJournal.Facts().Length, one.Read().Count());
        Assert.AreEqual(ExampleJournal.Facts().Length, two.Read().Count());
    }

    public void Dispose() => _folder.Dispose();

    private static void Write(string path)
    {
        using var journal = new SqliteJournal(path, "x");
        foreach (var fact in ExampleJournal.Facts("x")) journal.Append(fact);
    }

    private static IEnumerable<StudyEvent> Reports(int count)
    {
        foreach (var fact in ExampleJournal.Facts("x").Take(2)) yield return fact;
        for (var i = 2; i < count; i++) yield return new TrialReported(new TrialReport(new TrialId(0), i, i)) { Sequence = i };
    }

    private static void ExpectMessage(string path, Func<string, string> message)
    {
        var error = Assert.ThrowsExactly<JournalException>(() => new SqliteJournal(path, "x"));
        Assert.AreEqual(message(path), error.Message);
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the test's own constants
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private sealed class Conformance(string path) : JournalConformance
    {
        protected override bool IsDurable => true;

        protected override IJournal Open(string studyName) => new SqliteJournal(path, studyName);
    }
}
