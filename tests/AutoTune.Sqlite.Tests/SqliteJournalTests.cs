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
            foreach (var file in new[] { "study.db", "study.db-wal" }) File.Copy(_folder[file], Path.Combine(copy, file));
            using var revived = new SqliteJournal(Path.Combine(copy, "study.db"), "x");
            Assert.AreEqual(i + 1, revived.Read().Count());
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
        Execute(_folder["study.db"], "pragma user_version = 2");
        ExpectMessage(_folder["study.db"], path => $"The study file '{path}' was written by a newer AutoTune (file version 2; this one reads up to 1); update the package.");
        Assert.ThrowsExactly<JournalException>(() => StudyFile.Open(_folder["study.db"]));
    }

    [TestMethod]
    public void Read_NewerFact_SaysWhatToDo()
    {
        using var journal = new SqliteJournal(_folder["study.db"], "x");
        journal.Append(ExampleJournal.Facts("x")[0]);
        Execute(_folder["study.db"], "update facts set schema = 2");
        var error = Assert.ThrowsExactly<JournalException>(() => journal.Read());
        Assert.AreEqual($"The study 'x' in '{_folder["study.db"]}' was written by a newer AutoTune (schema 2; this one reads up to 1); update the package.", error.Message);
    }

    [TestMethod]
    public void Read_DamagedFact_SaysWhich()
    {
        using var journal = new SqliteJournal(_folder["study.db"], "x");
        foreach (var fact in ExampleJournal.Facts("x")) journal.Append(fact);
        Execute(_folder["study.db"], "update facts set fact = replace(fact, 'momentum', 'speed') where sequence = 8");
        var error = Assert.ThrowsExactly<JournalException>(() => journal.Read());
        Assert.AreEqual($"Fact 8 of the study 'x' in '{_folder["study.db"]}' is damaged: the hyperparameter 'speed' is not in its space; restore it from a copy, or begin a new study.", error.Message);
    }

    [TestMethod]
    public void Open_ASecondWriter_IsToldWhoIsAtWork()
    {
        using (var first = new SqliteJournal(_folder["study.db"], "x"))
        {
            first.Append(ExampleJournal.Facts("x")[0]);
            ExpectMessage(_folder["study.db"], path => $"The study 'x' in '{path}' is being written by another process, or by another journal of this one; wait for its end, or give this study another name or file.");
            first.Append(ExampleJournal.Facts("x")[1]);
        }

        using var next = new SqliteJournal(_folder["study.db"], "x");
        next.Append(ExampleJournal.Facts("x")[2]);
    }

    [TestMethod]
    public void Append_AWriterThatTheLockDidNotStop_IsRefusedByTheSequence()
    {
        using var journal = new SqliteJournal(_folder["study.db"], "x");
        journal.Append(ExampleJournal.Facts("x")[0]);
        Execute(_folder["study.db"], "insert into facts select study, 1, kind, schema, fact from facts");
        var error = Assert.ThrowsExactly<JournalException>(() => journal.Append(ExampleJournal.Facts("x")[1]));
        Assert.AreEqual($"Fact 1 does not follow fact 1 of the study 'x' in '{_folder["study.db"]}': another writer has been at work on this study; run one at a time.", error.Message);
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
