using AutoTune.Journals;
using AutoTune.Testing;

namespace AutoTune.Sqlite.Tests;

/// <summary>Studies that are saved to a file, ended in some way and run again.</summary>
[TestClass]
public sealed class ResumingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task RunAsync_EndedAndRunAgain_GivesTheSameStudyAsOneRun()
    {
        await Study(_folder["whole.db"]).ForTrials(30).RunAsync(Evaluate);
        foreach (var trials in new[] { 4, 11, 30 }) await Study(_folder["parts.db"]).ForTrials(trials).RunAsync(Evaluate);
        Assert.AreSequenceEqual(Story("whole.db"), Story("parts.db"));
    }

    [TestMethod]
    public async Task RunAsync_KilledAtAnyFact_IsGoneOnWith()
    {
        // A file as a killed process leaves it, for each fact at which that can happen.
        var expected = (await Study(_folder["whole.db"]).ForTrials(6).RunAsync(Evaluate)).View;
        var facts = StudyFile.Open(_folder["whole.db"]).ReadFacts("digits");
        for (var killedAfter = 1; killedAfter <= facts.Length; killedAfter++)
        {
            var path = _folder[$"killed-{killedAfter}.db"];
            using (var journal = new SqliteJournal(path, "digits"))
            {
                foreach (var fact in facts.Take(killedAfter)) journal.Append(fact);
            }

            var view = (await Study(path).ForTrials(6).RunAsync(Evaluate)).View;
            Assert.AreEqual(6, view.CompletedCount);
            Assert.AreSequenceEqual(expected.Trials.Select(trial => (trial.Configuration, trial.Loss)), view.Trials.Select(trial => (trial.Configuration, trial.Loss)));
        }
    }

    [TestMethod]
    public async Task RunAsync_ASpaceDeclaredInTheObjective_IsGoneOnWith()
    {
        static double Declared(ITrialContext trial) => trial.Categorical("kind", "a", "b") == "a" ? trial.Real("x", 0, 1) : trial.Integer("n", 1, 9);
        StudyBuilder Open(string file, int trials) => new StudyBuilder("declared").Minimize("loss").SaveTo(_folder[file]).ForTrials(trials);
        await Open("whole.db", 20).RunAsync(Declared);
        foreach (var trials in new[] { 1, 2, 7, 20 }) await Open("parts.db", trials).RunAsync(Declared);
        Assert.AreSequenceEqual(Story("whole.db", "declared"), Story("parts.db", "declared"));
    }

    [TestMethod]
    public async Task RunAsync_SaveTo_KeepsArtifactsBesideTheFile()
    {
        await new StudyBuilder("a/b: ü").WithSearchSpace(Space()).SaveTo(_folder[Path.Combine("deep", "study.db")]).ForTrials(2).RunAsync(trial =>
        {
            File.WriteAllText(Path.Combine(trial.ArtifactDirectory, "model.txt"), "weights");
            return 1;
        });
        Assert.IsTrue(File.Exists(_folder[Path.Combine("deep", "study.artifacts", "a%2Fb%3A%20%C3%BC", "trial-00001", "model.txt")]));
    }

    [TestMethod]
    public async Task RunAsync_WhileTheSameStudyIsRunning_ThrowsAndLeavesItAlone()
    {
        JournalException? refused = null;
        var result = await Study(_folder["study.db"]).ForTrials(3).RunAsync(trial =>
        {
            if (trial.Id.Number == 1) refused = Assert.ThrowsExactly<JournalException>(() => Study(_folder["study.db"]).Open());
            return Evaluate(trial);
        });
        Assert.Contains("is being written by another journal of this process", refused!.Message);
        Assert.AreEqual(3, result.View.CompletedCount);
        Assert.IsEmpty(result.Warnings);
    }

    [TestMethod]
    public async Task RunAsync_AFileOfAnotherSpace_SaysWhatDiffers()
    {
        await Study(_folder["study.db"]).ForTrials(2).RunAsync(Evaluate);
        var other = new SearchSpaceBuilder();
        other.AddReal("rate", 1e-4, 1, Scale.Log);
        var study = new StudyBuilder("digits").WithSearchSpace(other).Minimize("loss").SaveTo(_folder["study.db"]).ForTrials(5);
        var error = await Assert.ThrowsExactlyAsync<StudyDefinitionException>(() => study.RunAsync(trial => 1.0));
        Assert.Contains("rate", error.Message);
        Assert.AreEqual(2, StudyFile.Open(_folder["study.db"]).Read("digits").CompletedCount);
    }

    public void Dispose() => _folder.Dispose();

    private static SearchSpaceBuilder Space()
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("rate", 1e-5, 1, Scale.Log);
        var solver = space.AddCategorical("solver", [SolverKind.Adam, SolverKind.Sgd]);
        space.AddReal("momentum", 0, 1, activeWhen: solver.Is(SolverKind.Sgd));
        space.AddBoolean("bias");
        return space;
    }

    private static StudyBuilder Study(string path) => new StudyBuilder("digits").WithSearchSpace(Space()).Minimize("loss").WithSeed(5).UseQuasiRandom().SaveTo(path);

    private static double Evaluate(ITrialContext trial)
    {
        trial.Report(1, 2);
        trial.Report(2, 1.5);
        return trial.Random.NextDouble();
    }

    private string[] Story(string file, string study = "digits")
        => [.. StudyFile.Open(_folder[file]).ReadFacts(study).Select(fact => EventWriter.Write(fact with { At = default }))];

    private enum SolverKind { Adam, Sgd }
}
