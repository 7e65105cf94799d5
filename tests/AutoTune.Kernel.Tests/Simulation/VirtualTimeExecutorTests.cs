using AutoTune.Journals;
using AutoTune.Scheduling;
using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Simulation;

[TestClass]
public sealed class VirtualTimeExecutorTests
{
    private static readonly SearchSpaceBuilder Builder = new();
    private static readonly Hyperparameter<double> X = Builder.AddReal("x", 0, 1);
    private static readonly SearchSpace Space = Builder.Build();

    [TestMethod]
    public async Task RunAsync_TrialsOfOneMinuteASlot_TakeAsLongAsTheyShould()
    {
        var time = new VirtualTime();
        var result = await Study().ForTrials(10).UseVirtualTime(time, slots: 3).RunAsync(trial => trial.Configuration.Get(X));
        Assert.AreEqual(10, result.View.CompletedCount);
        Assert.AreEqual(TimeSpan.FromMinutes(4), time.Elapsed); // 3 + 3 + 3 + 1
    }

    [TestMethod]
    public async Task RunAsync_StepsOfDifferentCost_HappenInTheOrderOfTheirTimes()
    {
        var time = new VirtualTime();
        var journal = new KeptFacts();
        await Study().ForTrials(4).TryFirst(set => set.Set(X, 0.3)).TryFirst(set => set.Set(X, 0.2)).TryFirst(set => set.Set(X, 0.1)).TryFirst(set => set.Set(X, 0.4))
            .UseJournal(_ => journal)
            .UseVirtualTime(time, slots: 2, (configuration, _) => TimeSpan.FromMinutes(Math.Round(10 * configuration.Get(X))))
            .RunAsync(trial =>
            {
                trial.Report(1, 1);
                trial.Report(2, 1);
                return 1.0;
            });
        // Trial 0 takes 3 minutes a step, trial 1 two, trial 2 one, trial 3 four; the slots hold two at a time.
        var story = journal.Read().Skip(1).Select(fact => $"{(fact.At - time.Start).TotalMinutes}: {Describe(fact)}").ToArray();
        string[] expected =
        [
            "0: 0 starts", "0: 1 starts", "2: 1 reports 1", "3: 0 reports 1", "4: 1 reports 2", "4: 1 ends", "4: 2 starts", "5: 2 reports 1",
            "6: 0 reports 2", "6: 0 ends", "6: 3 starts", "6: 2 reports 2", "6: 2 ends", "10: 3 reports 1", "14: 3 reports 2", "14: 3 ends",
        ];
        Assert.AreSequenceEqual(expected, story);
    }

    [TestMethod]
    public async Task RunAsync_TheSameStudyTwice_GivesTheSameJournalToTheTick()
    {
        async Task<string[]> Run()
        {
            var journal = new KeptFacts();
            await Study().ForTrials(60).UseJournal(_ => journal).UseScheduler(_ => new PauseAtSteps(4))
                .UseVirtualTime(new VirtualTime(), slots: 7, (configuration, step) => TimeSpan.FromSeconds(1 + 100 * configuration.Get(X) + step % 3))
                .RunAsync(Steps);
            return [.. journal.Read().Select(EventWriter.Write)];
        }

        var first = await Run();
        Assert.IsGreaterThan(300, first.Length);
        for (var i = 0; i < 5; i++) Assert.AreSequenceEqual(first, await Run());
    }

    [TestMethod]
    public async Task RunAsync_AnObjectiveThatDeclaresItsSpace_GivesTheSameJournalOnManySlots()
    {
        async Task<string[]> Run()
        {
            var journal = new KeptFacts();
            await new StudyBuilder("declared").Minimize("loss").ForTrials(20).UseJournal(_ => journal).UseVirtualTime(new VirtualTime(), slots: 5)
                .RunAsync(trial => trial.Id.Number % 2 == 0 ? trial.Real("a", 0, 1) : trial.Real("b", 1, 2));
            return [.. journal.Read().Select(EventWriter.Write)];
        }

        var first = await Run();
        for (var i = 0; i < 5; i++) Assert.AreSequenceEqual(first, await Run());
    }

    [TestMethod]
    public async Task RunAsync_TimeLimit_EndsTheStudyToTheTick()
    {
        var time = new VirtualTime();
        var result = await Study().ForAtMost(TimeSpan.FromMinutes(100.5)).UseVirtualTime(time, slots: 2).RunAsync(Steps);
        Assert.AreEqual(TimeSpan.FromMinutes(100.5), time.Elapsed);
        Assert.AreEqual(20, result.View.CompletedCount); // ten minutes each, two at a time
        Assert.HasCount(2, result.View.Waiting);
    }

    [TestMethod]
    public async Task RunAsync_TimeLimitBeforeTheFirstValue_LetsTheRunningTrialsFinish()
    {
        var time = new VirtualTime();
        var result = await Study().ForAtMost(TimeSpan.FromMinutes(3)).UseVirtualTime(time, slots: 3).RunAsync(Steps);
        Assert.AreEqual(TimeSpan.FromMinutes(10), time.Elapsed);
        Assert.IsTrue(result.HasBest);
    }

    [TestMethod]
    public async Task RunAsync_CancelledByAnObserver_EndsAtThatTime()
    {
        using var cancellation = new CancellationTokenSource();
        var time = new VirtualTime();
        var result = await Study().Observe(new CancelAfter(cancellation, facts: 30)).UseVirtualTime(time, slots: 3).RunAsync(Steps, cancellation.Token);
        Assert.AreEqual("it was cancelled", result.StopReason);
        Assert.IsEmpty(result.View.Running);
        Assert.IsLessThanOrEqualTo(TimeSpan.FromMinutes(11), time.Elapsed);
    }

    [TestMethod]
    public async Task RunAsync_HundredThousandSteps_TakeSecondsNotMonths()
    {
        var time = new VirtualTime();
        var result = await Study().ForTrials(200).UseVirtualTime(time, slots: 20).RunAsync(trial =>
        {
            for (var step = 1; step <= 100; step++) trial.Report(step, step);
            return trial.Configuration.Get(X);
        });
        Assert.AreEqual(TimeSpan.FromMinutes(200 / 20 * 100), time.Elapsed);
        Assert.AreEqual(200, result.View.CompletedCount);
    }

    [TestMethod]
    public async Task RunAsync_ASchedulerThatThrowsWhenItJudges_FailsTheTrialAsInRealTime()
    {
        var study = Study().ForTrials(3).UseScheduler(_ => new ThrowsOnJudge()).UseVirtualTime(new VirtualTime());
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => study.RunAsync(Steps));
        Assert.AreEqual("no judgement", error.InnerException!.Message);
    }

    private static StudyBuilder Study() => new StudyBuilder("simulated").WithSearchSpace(Space).Minimize("loss");

    private static double Steps(ITrialContext trial)
    {
        for (var step = trial.ResumeAfterStep + 1; step <= 10; step++)
        {
            if (!trial.Report(step, trial.Configuration.Get(X) / step).IsContinue) break;
        }

        return trial.Configuration.Get(X);
    }

    private static string Describe(StudyEvent fact) => fact switch
    {
        TrialStarted started => $"{started.Trial.Number} starts",
        TrialReported reported => $"{reported.Report.Trial.Number} reports {reported.Report.Step}",
        TrialFinished finished => $"{finished.Trial.Number} ends",
        _ => fact.ToString(),
    };

    private sealed class ThrowsOnJudge : IScheduler
    {
        public WorkOrder NextWork(StudyView study) => new WorkOrder.StartTrial();

        public Directive Judge(TrialReport report, StudyView study) => throw new InvalidOperationException("no judgement");

        public void Observe(StudyEvent studyEvent) { }
    }

    private sealed class CancelAfter(CancellationTokenSource cancellation, int facts) : IStudyObserver
    {
        public void OnEvent(StudyEvent studyEvent, StudyView study)
        {
            if (study.EventCount == facts) cancellation.Cancel();
        }
    }
}
