using AutoTune.Kernel.Tests.Studies;
using AutoTune.Scheduling;

namespace AutoTune.Kernel.Tests;

[TestClass]
public sealed class ArtifactTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-test-").FullName;

    [TestMethod]
    public async Task Write_ThatThrowsHalfway_LeavesTheEarlierFileAsItWas()
    {
        await Study().ForTrials(1).RunAsync(trial =>
        {
            trial.Artifacts.Write("plots/model.txt", file => file.Write("old"u8));
            Assert.ThrowsExactly<InvalidOperationException>(() => trial.Artifacts.Write("plots/model.txt", file =>
            {
                file.Write("ne"u8);
                throw new InvalidOperationException("halfway");
            }));
            using var read = new StreamReader(trial.Artifacts.OpenRead("plots/model.txt")!);
            Assert.AreEqual("old", read.ReadToEnd());
            Assert.AreEqual(3, trial.Artifacts.Size);
            return 1;
        });
        Assert.AreSequenceEqual([Path.Combine(_folder, "trial-00000", "plots", "model.txt")], Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Write_ByAWriterThatClosesTheStream_KeepsWhatItWrote(bool isLimited)
    {
        await (isLimited ? Study().LimitArtifacts(100) : Study()).ForTrials(1).RunAsync(trial =>
        {
            trial.Artifacts.Write("a.txt", file =>
            {
                using var writer = new StreamWriter(file);
                writer.Write("closed");
            });
            trial.Artifacts.Write("b", file =>
            {
                using var writer = new BinaryWriter(file);
                writer.Write((byte)7);
            });
            return 1;
        });
        Assert.AreEqual("closed", await File.ReadAllTextAsync(Path.Combine(_folder, "trial-00000", "a.txt")));
        Assert.AreSequenceEqual([(byte)7], await File.ReadAllBytesAsync(Path.Combine(_folder, "trial-00000", "b")));
    }

    [TestMethod]
    public async Task OpenRead_NoSuchFile_GivesNull() => await Study().ForTrials(1).RunAsync(trial =>
    {
        Assert.IsNull(trial.Artifacts.OpenRead("nothing"));
        return 1;
    });

    [TestMethod]
    [DataRow("../model")]
    [DataRow("/model")]
    [DataRow("a/../../model")]
    [DataRow(".")]
    [DataRow("model.part")]
    public async Task Write_ANameThatIsNone_Throws(string name)
    {
        var message = "";
        await Study().ForTrials(1).RunAsync(trial =>
        {
            message = Assert.ThrowsExactly<ArgumentException>(() => trial.Artifacts.Write(name, _ => { })).Message;
            return 1;
        });
        Assert.StartsWith($"'{name}' is no name for a file of trial 0; give one that stays in its folder and does not end in .part.", message);
    }

    [TestMethod]
    public async Task Write_MoreThanTheLimit_FailsTheTrialAndLeavesWhatWasThere()
    {
        var result = await Study().LimitArtifacts(100).ForTrials(2).RunAsync(trial =>
        {
            trial.Artifacts.Write("small", file => file.Write(new byte[60]));
            trial.Artifacts.Write("small", file => file.Write(new byte[80])); // takes the place of the first
            if (trial.Id.Number == 0) return 1;
            trial.Artifacts.Write("large", file =>
            {
                for (var i = 0; i < 1000; i++) file.Write(new byte[10]);
            });
            return 0;
        });
        var failed = (TrialOutcome.Failed)result.View.Trials[1].Outcome!;
        Assert.AreEqual("trial 1: with 'large' its files would have more than 100 bytes (80 are there); write less, delete what is no longer needed, or raise the limit by LimitArtifacts.", failed.Error.Message);
        Assert.IsEmpty(result.View.Trials[1].FailedAttempts);
        Assert.AreSequenceEqual([Path.Combine(_folder, "trial-00001", "small")], Directory.GetFiles(Path.Combine(_folder, "trial-00001")));
    }

    [TestMethod]
    public async Task WriteCheckpoint_OfAPausedTrial_IsThereWhenItGoesOn()
    {
        var result = await Study().UseScheduler(_ => new PauseAtTwo()).ForTrials(1).RunAsync(trial =>
        {
            if (trial.ResumeAfterStep == 0)
            {
                Assert.Contains("is a fresh trial", Assert.ThrowsExactly<InvalidOperationException>(() => trial.Artifacts.OpenCheckpoint()).Message);
            }
            else
            {
                using var read = new StreamReader(trial.Artifacts.OpenCheckpoint());
                Assert.AreEqual("after 2", read.ReadToEnd());
            }

            for (var step = trial.ResumeAfterStep + 1; step <= 5; step++)
            {
                trial.Artifacts.WriteCheckpoint(step, file => file.Write(System.Text.Encoding.UTF8.GetBytes($"after {step}")));
                if (!trial.Report(step, step).IsContinue) break;
            }

            return 1;
        });
        Assert.AreEqual(TrialState.Completed, result.View.Trials[0].State);
        // The one that it went on from, should this attempt have failed, and the last.
        Assert.AreSequenceEqual(["checkpoint-2", "checkpoint-5"], Directory.GetFiles(Path.Combine(_folder, "trial-00000")).Select(Path.GetFileName).Order());
    }

    [TestMethod]
    public async Task OpenCheckpoint_NoneWasWritten_SaysWhatToDo()
    {
        var result = await Study().UseScheduler(_ => new PauseAtTwo()).ForTrials(2).RunAsync(trial =>
        {
            if (trial.Id.Number == 1) return 1;
            if (trial.ResumeAfterStep > 0) trial.Artifacts.OpenCheckpoint();
            for (var step = 1; step <= 2; step++) trial.Report(step, step);
            return 1;
        });
        Assert.AreEqual("trial 0 is to go on after step 2 and has no checkpoint of it; write one by WriteCheckpoint before a report that may be answered with a pause, or right after.",
            ((TrialOutcome.Failed)result.View.Trials[0].Outcome!).Error.Message);
    }

    [TestMethod]
    public async Task KeepArtifactsOfBest_AsTheStudyGoesOn_KeepsThoseOfTheBestAndOfTheLastFailures()
    {
        double[] values = [5, 3, double.NaN, 4, double.NaN, 1, double.NaN, 9, 3];
        await Study().KeepArtifactsOfBest(2).ForTrials(values.Length).RunAsync(trial =>
        {
            trial.Artifacts.Write("model", file => file.Write("x"u8));
            return values[trial.Id.Number];
        });
        Assert.AreSequenceEqual(["trial-00001", "trial-00004", "trial-00005", "trial-00006"], Directory.GetDirectories(_folder).Select(Path.GetFileName).Order());
    }

    [TestMethod]
    public void KeepArtifactsOfBest_None_IsAProblem()
        => Assert.Contains("trials whose artifacts are kept 0 must be at least 1", Assert.ThrowsExactly<StudyDefinitionException>(() => Toy.Study().KeepArtifactsOfBest(0).Open()).Message);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private StudyBuilder Study() => Toy.Study().SaveArtifactsIn(_folder);

    private sealed class PauseAtTwo : IScheduler
    {
        public WorkOrder NextWork(StudyView study) => study.Paused.Count > 0 ? new WorkOrder.ResumeTrial(study.Paused[0]) : new WorkOrder.StartTrial();

        public Directive Judge(TrialReport report, StudyView study)
            => report.Step == 2 && study[report.Trial].PausedAtStep == 0 ? Directive.Pause("two are enough for now") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }
}
