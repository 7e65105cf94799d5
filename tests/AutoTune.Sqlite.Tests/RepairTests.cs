using System.Collections.Immutable;
using AutoTune.Journals;
using AutoTune.Testing;

namespace AutoTune.Sqlite.Tests;

[TestClass]
public sealed class RepairTests : IDisposable
{
    private const int Count = 1_500;
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["study.db"];

    [TestMethod]
    public void Repair_AWholeFile_IsLeftAlone()
    {
        Write();
        var before = File.ReadAllBytes(Path);
        Assert.IsEmpty(StudyFile.Check(Path));
        Assert.AreEqual("Nothing was damaged.", StudyFile.Repair(Path).ToString());
        Assert.IsTrue(before.AsSpan().SequenceEqual(File.ReadAllBytes(Path)));
        Assert.IsEmpty(Directory.GetFiles(_folder.Path, "*damaged*"));
    }

    [TestMethod]
    public void Repair_BytesFlippedAnywhere_KeepsTheFactsBeforeAndGoesOn()
    {
        Write();
        var whole = File.ReadAllBytes(Path);
        var expected = Lines();
        var random = new RandomSource(1);
        for (var i = 0; i < 60; i++)
        {
            var damaged = whole.ToArray();
            // Every page in turn, the first ones too.
            var at = i * 4096 % whole.Length + random.NextInt(4096);
            for (var each = at; each < Math.Min(at + 8, whole.Length); each++) damaged[each] ^= 0x5A;
            DemandRepaired(damaged, expected, $"byte {at}");
        }
    }

    [TestMethod]
    public void Repair_CutOffAnywhere_KeepsTheFactsBeforeAndGoesOn()
    {
        Write();
        var whole = File.ReadAllBytes(Path);
        var expected = Lines();
        for (var length = whole.Length - 1; length > 4096; length -= whole.Length / 12) DemandRepaired(whole[..length], expected, $"length {length}");
    }

    [TestMethod]
    public void Repair_FirstPageLost_KeepsAll()
    {
        Write();
        var damaged = File.ReadAllBytes(Path);
        damaged.AsSpan(0, 60).Fill(0xFF);
        var expected = Lines();
        DemandRepaired(damaged, expected, "first page");
        Assert.AreSequenceEqual(expected, Lines().Take(Count));
    }

    [TestMethod]
    public void Repair_ADamagedFile_SaysWhatWasKept()
    {
        Write();
        var bytes = File.ReadAllBytes(Path);
        bytes.AsSpan(bytes.Length * 3 / 4, 4096).Clear();
        File.WriteAllBytes(Path, bytes);
        var error = Assert.ThrowsExactly<JournalException>(() => StudyFile.Open(Path).Read("x"));
        Assert.StartsWith($"The study file '{Path}' is damaged (", error.Message);
        Assert.EndsWith($"); StudyFile.Repair(\"{Path}\") keeps all up to the damage and sets the damaged file aside.", error.Message);
        var text = StudyFile.Repair(Path).ToString();
        Assert.Contains($"The damaged file is now '{Path}.damaged-1'.", text);
        Assert.MatchesRegex(@"Study 'x': \d+ facts and 0 finished trials were kept; fact \d+ .+\.", text);
        Assert.IsTrue(bytes.AsSpan().SequenceEqual(File.ReadAllBytes(Path + ".damaged-1")));
    }

    [TestMethod]
    public void Repair_WhileTheStudyIsWritten_IsRefused()
    {
        using var journal = new SqliteJournal(Path, "x");
        journal.Append(Facts()[0]);
        var error = Assert.ThrowsExactly<JournalException>(() => StudyFile.Repair(Path));
        Assert.AreEqual($"The study file '{Path}' is being written; it can be repaired when its writer has ended.", error.Message);
        journal.Append(Facts()[1]);
    }

    [TestMethod]
    public void Repair_AFileOfAnotherKind_IsRefusedAndLeftAlone()
    {
        File.WriteAllText(Path, new string('x', 5000));
        Assert.AreEqual($"The file '{Path}' is not a study file: it is no SQLite database; save to another file.",
            Assert.ThrowsExactly<JournalException>(() => StudyFile.Repair(Path)).Message);
        Assert.HasCount(1, Directory.GetFiles(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private void DemandRepaired(byte[] damaged, List<string> expected, string what)
    {
        foreach (var file in Directory.GetFiles(_folder.Path)) File.Delete(file);
        File.WriteAllBytes(Path, damaged);
        var problems = StudyFile.Check(Path);
        var repair = StudyFile.Repair(Path);
        Assert.AreEqual(problems.IsEmpty, repair.SetAside is null, what);
        if (repair.SetAside is { } aside) Assert.IsTrue(damaged.AsSpan().SequenceEqual(File.ReadAllBytes(aside)), what);
        var kept = File.Exists(Path) && StudyFile.Open(Path).StudyNames.Length > 0 ? Lines() : [];
        Assert.IsTrue(kept.SequenceEqual(expected.Take(kept.Count)), what);
        if (problems.IsEmpty) Assert.HasCount(Count, kept, what); // what nobody reads was damaged
        if (kept.Count == 0) return;
        using var journal = new SqliteJournal(Path, "x");
        journal.Append(new TrialRestarted(new TrialId(0)) { Sequence = kept.Count });
    }

    private void Write()
    {
        using var journal = new SqliteJournal(Path, "x", Durability.ProcessCrash, new JournalSettings(BlockLength: 2_000));
        foreach (var fact in Facts()) journal.Append(fact);
    }

    private static ImmutableArray<StudyEvent> Facts() =>
    [
        .. ExampleJournal.Facts("x").Take(2),
        .. Enumerable.Range(2, Count - 2).Select(i => new TrialReported(new TrialReport(new TrialId(0), i, i)) { Sequence = i }),
    ];

    private List<string> Lines() => [.. StudyFile.Open(Path).ReadFacts("x").Select(EventWriter.Write)];
}
