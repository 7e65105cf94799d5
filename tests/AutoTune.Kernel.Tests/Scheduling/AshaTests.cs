using AutoTune.Kernel.Tests.Studies;
using AutoTune.Scheduling;
using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Scheduling;

[TestClass]
public sealed class AshaTests
{
    private static readonly AshaOptions Stopping = new() { MaxBudget = 27, Form = AshaForm.Stopping };
    private static readonly AshaOptions Promotion = new() { MaxBudget = 4, Reduction = 2, Form = AshaForm.Promotion };

    [TestMethod]
    [DataRow(1, 81, 3, "1 3 9 27 81")]
    [DataRow(1, 52, 3, "1 3 9 27 52")]
    [DataRow(2, 16, 4, "2 8 16")]
    [DataRow(5, 6, 3, "5 6")]
    public void Ladder_RungsOfAReduction_AreGeometricBelowTheWholeTrial(int min, int max, int reduction, string steps)
    {
        var ladder = BudgetLadder.Geometric(min, max, reduction);
        Assert.AreEqual(steps, string.Join(' ', Enumerable.Range(0, ladder.Count).Select(rung => ladder[rung])));
        Assert.AreEqual(-1, ladder.RungAt(min - 1));
        Assert.AreEqual(0, ladder.RungAt(min));
        Assert.AreEqual(ladder.Count - 1, ladder.RungAt(max + 5));
    }

    [TestMethod]
    public void Stopping_TheFirstComersOfARung_GoOnAsTheBestSoFar()
    {
        using var study = Steps.Study().UseAsha(Stopping).Open();

        Assert.IsTrue(study.Run(0.5, 0.5).IsContinue);
        Assert.AreEqual(Directive.Stop("step 1: loss 0.6 is not among the best 1 of the 2 trials that came to step 1; that takes 0.5"), study.Run(0.6));
        Assert.IsTrue(study.Run(0.4, 0.4).IsContinue);
        Assert.IsFalse(study.Run(0.45).IsContinue);
        Assert.IsFalse(study.Run(0.5).IsContinue); // the fifth
        Assert.IsTrue(study.Run(0.42, 0.42).IsContinue); // the sixth: two go on
        Assert.AreEqual(27, study.View.Trials[0].Budget);
    }

    [TestMethod]
    public void Stopping_EqualLosses_GoOn()
    {
        using var study = Steps.Study().UseAsha(Stopping).Open();
        for (var i = 0; i < 6; i++) Assert.IsTrue(study.Run(1, 1, 1, 1).IsContinue);
    }

    [TestMethod]
    public void Stopping_ReportsThatSkipRungs_CountAtTheLastOne()
    {
        using var study = Steps.Study().UseAsha(Stopping).Open();
        var sparse = study.Ask()!;
        Assert.IsTrue(sparse.Report(2, 5).IsContinue); // rung 1
        Assert.IsTrue(sparse.Report(10, 5).IsContinue); // rung 9, not rung 3

        Assert.IsTrue(study.Run(4, 9, 9).IsContinue); // the best at rung 1, alone at rung 3
        var other = study.Ask()!;
        Assert.IsTrue(other.Report(1, 3).IsContinue);
        Assert.IsTrue(other.Report(4, 8).IsContinue);
        Assert.IsTrue(other.Report(8, 8).IsContinue); // no rung
        Assert.AreEqual("step 26: loss 8 is not among the best 1 of the 2 trials that came to step 9; that takes 5", other.Report(26, 8).Reason);
    }

    [TestMethod]
    public void Stopping_OfAMaximisedMetric_KeepsTheHighest()
    {
        using var study = Steps.Study().Maximize("accuracy").UseAsha(Stopping).Open();

        Assert.IsTrue(study.Run(0.5).IsContinue);
        Assert.AreEqual("step 1: accuracy 0.4 is not among the best 1 of the 2 trials that came to step 1; that takes 0.5", study.Run(0.4).Reason);
        Assert.IsTrue(study.Run(0.6).IsContinue);
    }

    [TestMethod]
    public void Stopping_AnAttemptThatFailed_LeavesTheRung()
    {
        using var study = Steps.Study().RetryFailures(2).UseAsha(Stopping).Open();
        var failing = study.Ask()!;
        Assert.IsTrue(failing.Report(1, 0).IsContinue);
        study.TellFailed(failing, new IOException("for now"));
        var again = study.Ask()!;

        Assert.IsTrue(study.Run(5).IsContinue); // alone at the rung
        Assert.IsFalse(again.Report(1, 6).IsContinue);
    }

    [TestMethod]
    public void Promotion_ByHand_ResumesTheBestPausedTrialOfTheHighestRung()
    {
        using var study = Steps.Study().UseAsha(Promotion).ForTrials(8).Open();

        Assert.AreEqual(Directive.Pause("step 1: loss 0.5; it waits to be among the best 1 in 2 of those that come there"), study.Run(0.5));
        Assert.AreEqual(DirectiveAction.Pause, study.Run(0.6).Action); // one of one may not go on: trial 1
        var promoted = study.Ask()!;
        Assert.AreEqual((new TrialId(0), 1, 2), (promoted.Id, promoted.ResumeAfterStep, promoted.Budget));
        Assert.AreEqual(DirectiveAction.Pause, promoted.Report(2, 0.45).Action);
        study.Tell(promoted, 0.45);

        study.Run(0.7); // trial 2: one of three, which has gone on
        study.Run(0.55); // trial 3: two of four
        promoted = study.Ask()!;
        Assert.AreEqual((new TrialId(3), 1, 2), (promoted.Id, promoted.ResumeAfterStep, promoted.Budget));
        promoted.Report(2, 0.4);
        study.Tell(promoted, 0.4);
        promoted = study.Ask()!; // of two at step 2 the better one
        Assert.AreEqual((new TrialId(3), 2, 4), (promoted.Id, promoted.ResumeAfterStep, promoted.Budget));
        Assert.IsTrue(promoted.Report(3, 0.3).IsContinue);
        Assert.IsTrue(promoted.Report(4, 0.3).IsContinue);
        study.Tell(promoted, 0.3);
        Assert.AreEqual(new TrialId(3), study.View.Best!.Id);
    }

    [TestMethod]
    public void Promotion_OfEqualLosses_TheEarlierTrialGoesOn()
    {
        using var study = Steps.Study().UseAsha(Promotion).ForTrials(8).Open();
        study.Run(1);
        study.Run(1);
        Assert.AreEqual(new TrialId(0), study.Ask()!.Id);
        Assert.AreEqual(new TrialId(2), study.Ask()!.Id);
    }

    [TestMethod]
    public void Promotion_WhenAResumedTrialFails_TriesItAgainFromItsCheckpoint()
    {
        using var study = Steps.Study().RetryFailures(2).UseAsha(Promotion).ForTrials(8).Open();
        study.Run(0.5);
        study.Run(0.6);
        study.TellFailed(study.Ask()!, new IOException("for now"));
        var again = study.Ask()!;
        Assert.AreEqual((new TrialId(0), 1, 2), (again.Id, again.ResumeAfterStep, again.Budget));
        study.TellFailed(again, new IOException("for good"));

        Assert.AreEqual(TrialState.Failed, study.View.Trials[0].State);
        Assert.AreEqual(new TrialId(2), study.Ask()!.Id); // it has had its place: nobody takes it
    }

    [TestMethod]
    public void Promotion_AtTheTrialLimit_StillPromotes()
    {
        using var study = Steps.Study().UseAsha(Promotion).ForTrials(4).Open();
        while (study.Ask() is { } trial)
        {
            for (var step = trial.ResumeAfterStep + 1; step <= trial.Budget; step++) trial.Report(step, 4 - trial.Id.Number);
            study.Tell(trial, 4 - trial.Id.Number);
        }

        // Each trial is better than those before it, and so the last one is promoted twice.
        CollectionAssert.AreEqual(new[] { 1, 2, 4, 4 }, study.View.Trials.Select(trial => trial.LastReport!.Value.Step).ToArray());
        Assert.AreEqual("all 4 trials have been evaluated", study.Result.StopReason);
    }

    [TestMethod]
    public void Promotion_WhenTheLimitLeavesNobodyTheTopRung_TheBestRunsToTheEnd()
    {
        using var study = Steps.Study().UseAsha(Promotion with { MaxBudget = 64 }).ForTrials(3).Open();
        for (var ask = 0; ask < 4; ask++) study.Run(0.5 + ask);
        var last = study.Ask()!;

        Assert.AreEqual((new TrialId(0), 2, 64), (last.Id, last.ResumeAfterStep, last.Budget));
        for (var step = 3; step <= 64; step++) Assert.IsTrue(last.Report(step, 1).IsContinue);
        study.Tell(last, 1);
        Assert.IsNull(study.Ask());
    }

    [TestMethod]
    public void Promotion_InAStudyThatMayBeCutShort_TheFirstTrialRunsToTheEnd()
    {
        using var study = Steps.Study().UseAsha(Promotion).ForTrials(9).ForAtMost(TimeSpan.FromHours(1)).Open();
        study.Run(0.5);
        study.Run(0.5);
        Assert.IsTrue(study.Run(0.5, 0.5).IsContinue);

        Assert.AreEqual(1, study.View.CompletedCount);
        study.Run(0.1);
        Assert.AreEqual(new TrialId(1), study.View.Paused.Single()); // once one has completed, the paper's rule: 1 of 2, which has gone on; now the better one
        Assert.AreEqual((new TrialId(1), 2), (study.Ask() is { } next ? (next.Id, next.Budget) : default));
    }

    [TestMethod]
    public async Task Promotion_SixtyFourWorkers_AreBusyAllTheTime()
    {
        var journal = new KeptJournal();
        var time = new VirtualTime();
        var result = await Toy.Study(out var x, out _).WithSeed(5).WithEpochs(9, canResume: true).UseAsha(new AshaOptions { Form = AshaForm.Promotion })
            .UseJournal(_ => journal).ForAtMost(TimeSpan.FromHours(1))
            .UseVirtualTime(time, slots: 64, (configuration, _) => TimeSpan.FromMinutes(1 + 2 * Math.Abs(configuration.Get(x)))).RunAsync(Schedulable.Curve);

        Assert.AreEqual(TimeSpan.FromHours(1), time.Elapsed);
        Assert.AreEqual(64 * time.Elapsed, Steps.Busy(journal.Events));
        Assert.IsGreaterThan(3, result.View.CompletedCount);
        Assert.IsGreaterThan(1000, result.View.Trials.Count);
    }

    [TestMethod]
    public async Task Promotion_TheTotalOfSteps_ObeysThePapersBound()
    {
        const int Trials = 243;
        foreach (var slots in new[] { 1, 64 })
        {
            var journal = new KeptJournal();
            var result = await Toy.Study().WithSeed(5).WithEpochs(81, canResume: true).UseAsha(new AshaOptions { Form = AshaForm.Promotion })
                .UseJournal(_ => journal).ForTrials(Trials).UseVirtualTime(new VirtualTime(), slots).RunAsync(Schedulable.Curve);

            // Of n trials n / 3 go on from each rung, and no more than about the root of n that are found later not to belong there (section 3.2).
            var most = (double)Trials;
            for (int rung = 1, above = Trials; rung < 81; rung *= 3)
            {
                var came = above;
                above = result.View.Trials.Count(trial => trial.LastReport!.Value.Step > rung);
                Assert.IsLessThanOrEqualTo(came / 3.0 + Math.Sqrt(came), above, $"from rung {rung}");
                most += (came / 3.0 + Math.Sqrt(came)) * 2 * rung;
            }

            Assert.IsLessThanOrEqualTo(most, Steps.Done(journal.Events));
            Assert.IsLessThan(0.07 * 81 * Trials, Steps.Done(journal.Events));
            Assert.IsGreaterThanOrEqualTo(Trials / 81, result.View.CompletedCount);
        }
    }

    [TestMethod]
    [DataRow(AshaForm.Stopping)]
    [DataRow(AshaForm.Promotion)]
    public async Task Asha_OnCurvesThatKeepTheirOrder_FindsTheBestWithAFractionOfTheSteps(AshaForm form)
    {
        var journal = new KeptJournal();
        var result = await Toy.Study().WithSeed(5).WithEpochs(27, canResume: true).UseAsha(new AshaOptions { Form = form })
            .UseJournal(_ => journal).ForTrials(100).RunAsync(Schedulable.Curve);

        Assert.AreEqual(result.View.Trials.Min(trial => Math.Round(trial.Reports[0].Loss - 1, 12)), Math.Round(result.View.Best!.Loss!.Value - 1.0 / 27, 12));
        Assert.IsLessThan(100 * 27 / 4, Steps.Done(journal.Events));
    }

    [TestMethod]
    public async Task ToString_OfAResultWithPausedTrials_CountsThem()
    {
        var result = await Toy.Study().WithEpochs(27, canResume: true).UseAsha(new AshaOptions { Form = AshaForm.Promotion }).ForTrials(30).RunAsync(Schedulable.Curve);
        Assert.StartsWith($"Study 'toy' (minimize loss): {result.View.CompletedCount} completed, {result.View.Paused.Count} left paused; ended because all 30 trials have been evaluated.", result.ToString());
    }

    [TestMethod]
    public void Definition_ProblemsOfAsha_AreSaidWithTheirRemedies()
    {
        Same("ASHA does not know how many steps a whole trial has; say the study's steps, such as WithEpochs(27), or MaxBudget.", Toy.Study().UseAsha());
        Same("ASHA: MaxBudget 1 must be above MinBudget 3; with no step between them there is nothing to save.", Toy.Study().UseAsha(3, 1));
        Same("ASHA: the 1 step of a whole trial must be more than MinBudget 1; with no step between them there is nothing to save: give trials more steps, or leave ASHA out.", Toy.Study().WithEpochs(1).UseAsha());
        Same("ASHA: MaxBudget 81 must be at most the 27 steps that a whole trial has; leave MaxBudget out for all of them.", Toy.Study().UseAsha(1, 81).WithEpochs(27));
        Same("ASHA pauses trials and resumes them, but the study's 27 epochs were said without canResume; say canResume: true if the objective goes on from its "
            + "checkpoint, or use UseAsha with Form = AshaForm.Stopping.", Toy.Study().UseAsha(new AshaOptions { Form = AshaForm.Promotion }).WithEpochs(27));
        Same("ASHA: Form Stopping has nothing to stop where the steps are growing samples or lengths, each a training of its own; use Form = AshaForm.Promotion.",
            Toy.Study().WithSamples(27).UseAsha(new AshaOptions { Form = AshaForm.Stopping }));
        Toy.Study().UseAsha().UseScheduler(_ => new RunToCompletion()).Open().Dispose(); // what is replaced is not checked
        Toy.Study().WithSamples(27).UseAsha().Open().Dispose();
        Toy.Study().WithLengths(27).UseAsha().Open().Dispose();

        static void Same(string problem, StudyBuilder study)
            => Assert.AreEqual($"Study 'toy': {problem}", Assert.ThrowsExactly<StudyDefinitionException>(() => study.Open()).Message);
    }
}
