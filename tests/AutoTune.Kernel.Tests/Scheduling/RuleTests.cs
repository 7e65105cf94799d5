using AutoTune.Kernel.Tests.Studies;
using AutoTune.Scheduling;

namespace AutoTune.Kernel.Tests.Scheduling;

[TestClass]
public sealed class RuleTests
{
    private static readonly PercentileRuleOptions FromOne = new() { MinTrials = 1 };

    [TestMethod]
    public void Patience_WithoutImprovementForSomeReports_StopsAndSaysSo()
    {
        using var study = Steps.Study().UsePatience(2).Open();
        study.Run(0.1);

        Assert.AreEqual(Directive.Stop("step 5: loss has not improved on 0.4 (step 3) for 2 reports"), study.Run(0.6, 0.5, 0.4, 0.4, 0.45, 0.2));
        Assert.AreEqual(new TrialOutcome.Stopped(5, "step 5: loss has not improved on 0.4 (step 3) for 2 reports"), study.View.Trials[1].Outcome);
    }

    [TestMethod]
    public void Patience_ImprovementsThatAreTooSmall_DoNotCount()
    {
        using var study = Steps.Study().UsePatience(2, minImprovement: 0.1).Open();
        study.Run(0.1);

        Assert.AreEqual("step 3: loss has not improved by more than 0.1 on 0.6 (step 1) for 2 reports", study.Run(0.6, 0.55, 0.51, 0.3).Reason);
        Assert.IsTrue(study.Run(0.6, 0.55, 0.45, 0.44, 0.3).IsContinue); // small steps add up
    }

    [TestMethod]
    public void Patience_WhileNoTrialHasCompletedOrThisOneIsAhead_LetsItFinish()
    {
        using var study = Steps.Study().UsePatience(1).Open();

        Assert.IsTrue(study.Run(0.5, 0.5, 0.5).IsContinue);
        Assert.IsTrue(study.Run(0.4, 0.6, 0.7).IsContinue);
        Assert.IsFalse(study.Run(0.7, 0.7).IsContinue);
    }

    [TestMethod]
    public void Patience_AfterAnInterruption_CountsAnew()
    {
        var journal = new KeptJournal();
        using (var study = Steps.Study(journal).UsePatience(2).Open())
        {
            study.Run(0.1);
            var trial = study.Ask()!;
            Assert.IsTrue(trial.Report(1, 0.5).IsContinue);
            Assert.IsTrue(trial.Report(2, 0.5).IsContinue);
        }

        using var again = Steps.Study(journal).UsePatience(2).Open();
        Assert.IsTrue(again.Run(0.5, 0.5).IsContinue);
    }

    [TestMethod]
    public void Rules_AtTheLastStep_LetTheTrialComplete()
    {
        using var study = Steps.Study().WithEpochs(3).UseThreshold(0.5).UseMedianRule(FromOne).Open();
        study.Run(0.4, 0.3, 0.2);

        Assert.IsFalse(study.Run(0.3, 0.6).IsContinue);
        Assert.IsTrue(study.Run(0.3, 0.3, 0.9).IsContinue); // it has been trained: its value is of use
        Assert.AreEqual(0.9, study.View.Trials[2].Loss);
    }

    [TestMethod]
    public void Threshold_AValueBeyondTheBound_StopsAndSaysSo()
    {
        using var study = Steps.Study().UseThreshold(10).UseThreshold(0.5, fromStep: 3).Open();

        Assert.IsTrue(study.Run(10, 0.9, 0.5, 0.4).IsContinue);
        Assert.AreEqual(Directive.Stop("step 1: loss 11 is above the bound 10"), study.Run(11));
        Assert.AreEqual(Directive.Stop("step 3: loss 0.6 is above the bound 0.5 from step 3 on"), study.Run(1, 0.9, 0.6));
    }

    [TestMethod]
    public async Task Run_ABoundThatNoTrialMeets_SaysThatTrialsWereStopped()
    {
        var result = await Toy.Study().Minimize("loss").ForTrials(5).UseThreshold(-1, fromStep: 2).RunAsync(Schedulable.Curve);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => result.Best);
        Assert.StartsWith("Study 'toy' has no best trial: none completed before it ended (all 5 trials have been evaluated). 5 of 5 trials were stopped early, trial 4 at step 2: loss ", error.Message);
        Assert.EndsWith(" is above the bound -1 from step 2 on. Ask HasBest first, or let it run longer.", error.Message);
        var last = result.View.Trials[4];
        Assert.AreEqual($"trial 4: {last.Configuration}; stopped at {((TrialOutcome.Stopped)last.Outcome!).Reason}", last.ToString(), "the step once");

        var failed = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => Toy.Study().Minimize("loss").ForTrials(5).UseThreshold(-1)
            .RunAsync(trial => trial.Id.Number == 2 ? throw new NotSupportedException("once") : Schedulable.Curve(trial)));
        Assert.StartsWith("Study 'toy' ended without a value: all 5 trials have been evaluated. The first error was: System.NotSupportedException: once. 4 of 5 trials were stopped early, trial 4 at step 1: loss ", failed.Message);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(9)]
    public void Rules_AtTheLastStepThatASchedulerWasTold_LetTheTrialComplete(int? epochs)
    {
        foreach (var use in new Func<StudyBuilder, StudyBuilder>[] { study => study.UseAsha(1, 3), study => study.UseHyperband(1, 3), study => study.UseOneStep(new OneStepOptions { MaxBudget = 3 }) })
        {
            var study = use(Steps.Study().UseThreshold(1, fromStep: 3).ForAtMost(TimeSpan.FromHours(1)));
            if (epochs is { } count) study.WithEpochs(count, canResume: true);
            using var open = study.Open();
            while (open.View.FinishedCount == 0) open.Run(5, 5, 5); // the first trial runs to its end, at once or by promotion
            Assert.AreEqual(1, open.View.CompletedCount);
        }
    }

    [TestMethod]
    public void Threshold_OfAMaximisedMetric_IsItsLeastValue()
    {
        using var study = Steps.Study().Maximize("accuracy").UseThreshold(0.3, fromStep: 2).Open();

        Assert.IsTrue(study.Run(0.2, 0.3, 0.4).IsContinue);
        Assert.AreEqual(Directive.Stop("step 2: accuracy 0.25 is below the bound 0.3 from step 2 on"), study.Run(0.1, 0.25));
    }

    [TestMethod]
    public void MedianRule_ABestSoFarAboveTheOthersMedian_IsStoppedAndItIsSaid()
    {
        using var study = Steps.Study().UseMedianRule().Open();
        foreach (var value in new[] { 5.0, 1, 4, 2 }) Assert.IsTrue(study.Run(value).IsContinue);

        Assert.IsTrue(study.Run(3).IsContinue); // four others: too few
        Assert.AreEqual(Directive.Stop("step 1: the best loss so far, 3.5, is above the median 3 of 5 other trials at step 1"), study.Run(3.5));
        Assert.IsTrue(study.Run(3.25).IsContinue); // the sixth counts too: the median lies half way between 3 and 3.5
        Assert.IsFalse(study.Run(3.26).IsContinue);
    }

    [TestMethod]
    public void MedianRule_AGoodBeginning_IsRememberedLater()
    {
        using var study = Steps.Study().UseMedianRule(FromOne).Open();
        study.Run(3, 3, 3);

        Assert.IsTrue(study.Run(2, 9, 9).IsContinue); // its best is 2 at every step
        var trial = study.Ask()!;
        Assert.IsTrue(trial.Report(1, 2.5).IsContinue); // the median of 3 and 2
        study.Run(1, 1, 1);
        Assert.AreEqual("step 2: the best loss so far, 2.5, is above the median 2 of 3 other trials at step 2", trial.Report(2, 4).Reason);
    }

    [TestMethod]
    [DataRow(25, 1.75)]
    [DataRow(0, 1.0)]
    [DataRow(100, 4.0)]
    public void PercentileRule_TheBound_IsInterpolatedBetweenTheOthers(double percentile, double bound)
    {
        foreach (var (value, goesOn) in new[] { (bound, true), (bound + 1e-9, false) })
        {
            using var study = Steps.Study().UsePercentileRule(percentile, new PercentileRuleOptions { MinTrials = 4 }).Open();
            foreach (var other in new[] { 3.0, 1, 4, 2 }) study.Run(other);
            Assert.AreEqual(goesOn, study.Run(value).IsContinue);
        }
    }

    [TestMethod]
    public void PercentileRule_OfAMaximisedMetric_KeepsTheHighest()
    {
        using var study = Steps.Study().Maximize("accuracy").UsePercentileRule(25, new PercentileRuleOptions { MinTrials = 5 }).Open();
        foreach (var other in new[] { 0.1, 0.2, 0.3, 0.4, 0.5 }) study.Run(other);

        Assert.AreEqual(Directive.Stop("step 1: the best accuracy so far, 0.3, is below percentile 25 (0.4) of 5 other trials at step 1"), study.Run(0.3));
        Assert.IsTrue(study.Run(0.45).IsContinue);
    }

    [TestMethod]
    public void PercentileRule_GraceStepsAndInterval_SayWhereItLooks()
    {
        using var study = Steps.Study().UseMedianRule(new PercentileRuleOptions { MinTrials = 1, GraceSteps = 2, Interval = 2 }).Open();
        study.Run(1, 1, 1, 1, 1, 1);
        var trial = study.Ask()!;

        Assert.IsTrue(trial.Report(1, 9).IsContinue);
        Assert.IsTrue(trial.Report(2, 9).IsContinue);
        Assert.AreEqual("step 3: the best loss so far, 9, is above the median 1 of 1 other trials at step 3", trial.Report(3, 9).Reason);
    }

    [TestMethod]
    public void PercentileRule_ReportsThatSkipSteps_CountForTheLastLookTheyReach()
    {
        using var study = Steps.Study().UseMedianRule(new PercentileRuleOptions { MinTrials = 1, Interval = 5 }).Open(); // looks at 1, 6, 11
        var sparse = study.Ask()!;
        Assert.IsTrue(sparse.Report(8, 1).IsContinue);
        var other = study.Ask()!;

        Assert.IsTrue(other.Report(2, 9).IsContinue); // nobody else was at look 1
        Assert.IsTrue(other.Report(5, 9).IsContinue);
        Assert.AreEqual("step 7: the best loss so far, 9, is above the median 1 of 1 other trials at step 6", other.Report(7, 9).Reason);
    }

    [TestMethod]
    public void PercentileRule_ReportsOfAFailedAttempt_NoLongerCount()
    {
        using var study = Steps.Study().RetryFailures(2).UseMedianRule(FromOne).Open();
        var failing = study.Ask()!;
        failing.Report(1, 0);
        var other = study.Ask()!;
        Assert.IsFalse(other.Report(1, 1).IsContinue);
        study.Tell(other, 1);
        study.TellFailed(failing, new IOException("for now"));

        var retried = study.Ask()!;
        Assert.AreEqual(failing.Id, retried.Id);
        var third = study.Ask()!;
        Assert.IsTrue(third.Report(1, 1).IsContinue); // of the others only the loss of 1 counts
        Assert.IsTrue(retried.Report(1, 0.5).IsContinue);
    }

    [TestMethod]
    public void Rules_BesideAScheduler_ComeFirst()
    {
        using var study = Steps.Study().UseAsha(new AshaOptions { MaxBudget = 9, Form = AshaForm.Promotion }).UseThreshold(5).Open();

        Assert.AreEqual(DirectiveAction.Stop, study.Run(6).Action);
        Assert.AreEqual(DirectiveAction.Pause, study.Run(4).Action);
    }

    [TestMethod]
    public void Rules_ThatAreNotWellDefined_AreRefusedAllAtOnce()
    {
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => Toy.Study().UsePatience(0, -1).UseThreshold(double.NaN, 0)
            .UsePercentileRule(101, new PercentileRuleOptions { GraceSteps = -1, MinTrials = 0, Interval = 0 }).Open());

        CollectionAssert.AreEqual(new[]
        {
            "the patience of 0 reports must be at least 1; say how many reports may bring nothing.",
            "the least improvement -1 must be 0 or more and finite; it is in the metric's unit, whichever way is better.",
            "the bound NaN must be finite; give the worst value of the metric that is accepted.",
            "the bound's first step 0 must be at least 1; steps are counted from 1.",
            "the percentile 101 must be from 0 to 100; 25 lets the best quarter go on, 50 the better half.",
            "the percentile rule's GraceSteps -1 must be 0 or more; 0 judges from the first step on.",
            "the percentile rule's MinTrials 0 must be at least 1; nobody can be compared with none.",
            "the percentile rule's Interval 0 must be at least 1; 1 looks at every step.",
        }, error.Problems.ToArray());
    }
}
