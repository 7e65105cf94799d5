using AutoTune.Kernel.Tests.Studies;
using AutoTune.Scheduling;

namespace AutoTune.Kernel.Tests;

[TestClass]
public sealed class SchedulingTests
{
    [TestMethod]
    public async Task Run_WhenAReportIsAnsweredWithStop_RecordsStepAndReason()
    {
        var result = await Toy.Study().UseScheduler(_ => new StopAtTwo()).ForTrials(2).RunAsync(Stepwise);

        Assert.AreEqual(new TrialOutcome.Stopped(2, "two are enough"), result.View.Trials[0].Outcome);
        Assert.AreEqual(2, result.View.StoppedCount);
        Assert.EndsWith("; stopped at step 2: two are enough", result.View.Trials[0].ToString());
        Assert.Contains("trial 1 at step 2: two are enough.", Assert.ThrowsExactly<InvalidOperationException>(() => result.Best).Message);
        Assert.HasCount(2, result.View.Trials[0].Reports);
    }

    [TestMethod]
    public async Task Run_WhenTrialsArePausedAndResumed_GoesOnFromTheCheckpoint()
    {
        var folder = Directory.CreateTempSubdirectory("autotune-test-").FullName;
        var journal = new KeptJournal();
        var result = await Toy.Study().UseScheduler(_ => new PromoteTheBest()).SaveArtifactsIn(folder).UseJournal(_ => journal).RunAsync(Stepwise, new CancellationTokenSource().Token);

        var finished = result.View.Trials.Single(trial => trial.State == TrialState.Completed);
        Assert.AreEqual(result.View.Trials.Min(trial => trial.Reports[0].Loss), finished.Reports[0].Loss);
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, finished.Reports.Select(report => report.Step).ToArray());
        Assert.HasCount(3, result.View.Paused);
        Assert.AreEqual("the scheduler has nothing more to start", result.StopReason);
        foreach (var kept in Enumerable.Range(0, journal.Events.Count))
        {
            var cut = journal.CutAfter(kept);
            var again = await Toy.Study().UseScheduler(_ => new PromoteTheBest()).SaveArtifactsIn(folder).UseJournal(_ => cut).RunAsync(Stepwise, new CancellationTokenSource().Token);
            CollectionAssert.AreEqual(result.View.Trials.Select(Toy.Essence).ToList(), again.View.Trials.Select(Toy.Essence).ToList(), $"cut after {kept}");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static double Stepwise(ITrialContext trial)
    {
        string Checkpoint(int step) => Path.Combine(trial.ArtifactDirectory, $"step-{step}");
        if (trial.ResumeAfterStep > 0) Assert.IsTrue(File.Exists(Checkpoint(trial.ResumeAfterStep)));
        var value = double.NaN;
        for (var step = trial.ResumeAfterStep + 1; step <= 3; step++)
        {
            value = Toy.Value(trial) / step;
            var directive = trial.Report(step, value);
            File.WriteAllText(Checkpoint(step), "");
            if (!directive.IsContinue) break;
        }

        return value;
    }

    private sealed class StopAtTwo : IScheduler
    {
        public WorkOrder NextWork(StudyView study) => new WorkOrder.StartTrial();

        public Directive Judge(TrialReport report, StudyView study) => report.Step == 2 ? Directive.Stop("two are enough") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }

    /// <summary>Pauses four trials after their first step, then lets the best of them finish.</summary>
    private sealed class PromoteTheBest : IScheduler
    {
        public WorkOrder NextWork(StudyView study)
        {
            if (study.Trials.Count < 4) return new WorkOrder.StartTrial();
            if (study.Running.Count > 0 || study.FinishedCount > 0) return new WorkOrder.Hold();
            return new WorkOrder.ResumeTrial(study.Trials.MinBy(trial => trial.LastReport!.Value.Loss)!.Id);
        }

        public Directive Judge(TrialReport report, StudyView study)
            => report.Step == 1 ? Directive.Pause("the first rung") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }
}
