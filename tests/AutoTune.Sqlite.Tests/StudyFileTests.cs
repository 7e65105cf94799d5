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
            Assert.AreEqual(i + 1, file.Read("x").EventCount);
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

    public void Dispose() => _folder.Dispose();
}
