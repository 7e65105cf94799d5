using AutoTune.Scheduling;
using AutoTune.Studies;

namespace AutoTune.Kernel.Tests.Studies;

[TestClass]
public sealed class ArtifactCopyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-test-").FullName;

    private string From => Path.Combine(_folder, "trial-00000");

    private string To => Path.Combine(_folder, "trial-00001");

    [TestMethod]
    public void Commit_OfAPreparedCopy_ReplacesAllFiles()
    {
        Write(From, "checkpoint-2", "new");
        Write(From, "plots/loss.txt", "falls");
        Write(From, "checkpoint-4.part", "half");
        Write(To, "checkpoint-2", "old");
        Write(To, "of its own", "gone");
        var copy = ArtifactCopy.Prepare(From, To, 7)!;
        Assert.AreEqual("old", Read(To, "checkpoint-2"));
        copy.Commit();
        Assert.AreEqual("new", Read(To, "checkpoint-2"));
        Assert.AreSequenceEqual(["checkpoint-2", "plots/loss.txt"], Directory.GetFiles(To, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(To, file)).Order());
        Assert.AreEqual("new", Read(From, "checkpoint-2"));
        Assert.HasCount(2, Directory.GetDirectories(_folder));
    }

    [TestMethod]
    public void Prepare_NothingToCopy_LosesTheFilesOfTheOther()
    {
        Assert.IsNull(ArtifactCopy.Prepare(From, To, 7));
        Write(To, "checkpoint-2", "of weights that are no longer its own");
        ArtifactCopy.Prepare(From, To, 7)!.Commit();
        Assert.IsEmpty(Directory.GetFiles(To));
    }

    [TestMethod]
    [DataRow(6, "old")]
    [DataRow(7, "new")]
    [DataRow(9, "new")]
    public void FinishAll_ACopyThatAKillLeft_CountsIfTheJournalHasItsFact(int lastCopy, string expected)
    {
        Write(From, "checkpoint-2", "new");
        Write(To, "checkpoint-2", "old");
        ArtifactCopy.Prepare(From, To, 7);
        ArtifactCopy.FinishAll(_folder, folder => folder == To ? lastCopy : throw new AssertFailedException(folder));
        Assert.AreEqual(expected, Read(To, "checkpoint-2"));
        Assert.HasCount(2, Directory.GetDirectories(_folder));
    }

    [TestMethod]
    public void Prepare_AfterAHalfMadeCopyOfTheSameFact_BeginsAnew()
    {
        Write(From, "checkpoint-2", "new");
        Write($"{To}.copy-7", "left over", "by a kill");
        ArtifactCopy.Prepare(From, To, 7)!.Commit();
        Assert.AreSequenceEqual(["checkpoint-2"], Directory.GetFiles(To).Select(Path.GetFileName));
    }

    [TestMethod]
    public async Task Run_CutOffAfterAnyFact_GoesOnWithTheFilesOfTheOtherTrial()
    {
        var journal = new KeptJournal();
        var whole = await Study("whole", journal).RunAsync(Train);
        Assert.AreEqual(1, whole.View.Trials[1].Loss);
        for (var kept = 0; kept <= journal.Events.Count; kept++)
        {
            // The files as of that fact are those of the run up to it.
            var name = $"cut-{kept}";
            var cut = new KeptJournal();
            using var stop = new CancellationTokenSource();
            await Study(name, cut).Observe(new StopAfter(kept, stop)).RunAsync(Train, stop.Token);
            var again = await Study(name, journal.CutAfter(Math.Min(kept, cut.Events.Count))).RunAsync(Train);
            Assert.AreEqual(1, again.View.Trials[1].Loss, $"cut after {kept}");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private StudyBuilder Study(string name, KeptJournal journal)
        => Toy.Study().UseScheduler(_ => new SecondFromFirst(), ends: true).SaveArtifactsIn(Path.Combine(_folder, name)).UseJournal(_ => journal);

    // The number of the trial whose weights they are.
    private static double Train(ITrialContext trial)
    {
        var weights = trial.Id.Number + 1;
        if (trial.ResumeAfterStep > 0)
        {
            using var read = trial.Artifacts.OpenCheckpoint();
            weights = read.ReadByte();
        }

        for (var step = trial.ResumeAfterStep + 1; step <= 2; step++)
        {
            trial.Artifacts.WriteCheckpoint(step, file => file.WriteByte((byte)weights));
            if (!trial.Report(step, weights).IsContinue) break;
        }

        return weights;
    }

    private static void Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string Read(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));

    private sealed class SecondFromFirst : IScheduler
    {
        public WorkOrder NextWork(StudyView study)
        {
            if (study.Trials.Count < 2) return new WorkOrder.StartTrial();
            return study.Paused.Contains(new TrialId(1)) ? new WorkOrder.ResumeTrial(new TrialId(1), null, new TrialId(0)) : new WorkOrder.Hold();
        }

        public Directive Judge(TrialReport report, StudyView study) => report.Step == 1 ? Directive.Pause("one step for now") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }

    private sealed class StopAfter(int facts, CancellationTokenSource stop) : IStudyObserver
    {
        public void OnEvent(StudyEvent studyEvent, StudyView view)
        {
            if (view.EventCount >= facts) stop.Cancel();
        }
    }
}
