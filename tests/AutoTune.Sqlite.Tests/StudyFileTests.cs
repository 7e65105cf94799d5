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
