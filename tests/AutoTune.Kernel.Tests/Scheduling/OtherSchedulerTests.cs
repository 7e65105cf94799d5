using AutoTune.Kernel.Tests.Studies;
using AutoTune.Scheduling;

namespace AutoTune.Kernel.Tests.Scheduling;

/// <summary>A study that goes on with another scheduler than it was begun with.</summary>
[TestClass]
public sealed class OtherSchedulerTests
{
    private static readonly (string Name, Func<StudyBuilder, StudyBuilder> Use)[] Whole =
    [
        ("none", study => study),
        ("median rule", study => study.UseMedianRule()),
        ("ASHA", study => study.UseAsha()),
    ];

    [TestMethod]
    public void Open_WithASchedulerOfWholeTrials_LetsNoPartOfAnEarlierTrialPassForAWholeOne()
    {
        foreach (var (name, use) in Whole)
        {
            var journal = new KeptJournal();
            using (var first = Study(journal).UseAsha(new AshaOptions { Form = AshaForm.Promotion }).Open())
            {
                first.Run(5);
                first.Ask(); // is not told: its process is killed
            }

            using var study = use(Study(journal)).Open();
            var restarted = study.Ask()!;
            Assert.AreEqual((new TrialId(1), 1), (restarted.Id, restarted.Budget), name);
            var directive = restarted.Report(1, 0.1);
            Assert.AreEqual(DirectiveAction.Stop, directive.Action, name);
            Assert.AreEqual("step 1: loss 0.1; an earlier scheduler gave it a budget of 1 of 9 steps, and this one has no use for such a part", directive.Reason, name);
            study.Tell(restarted, 0.1);
            Assert.IsTrue(study.Run(0.1, 5, 5, 5, 5, 5, 5, 5, 5).IsContinue, name);
            Assert.AreEqual(new TrialId(2), study.View.Best!.Id, name);
        }
    }

    [TestMethod]
    public void Run_AMaxBudgetBelowTheStepsOfATraining_CompletesThere()
    {
        using var study = Study(new KeptJournal()).UseAsha(minBudget: 1, maxBudget: 3).Open();
        Assert.IsTrue(study.Run(5, 5, 5).IsContinue);
        Assert.AreEqual(new TrialId(0), study.View.Best!.Id);
    }

    [TestMethod]
    [DataRow(1, 3, 2, 2)]
    [DataRow(2, 2, 1, 3)]
    [DataRow(1, 2, 3, 3)]
    [DataRow(3, 3, 1, 2)]
    public void Hyperband_GoesOnWithOtherBudgets_WhereverItWasCutOff(int min, int reduction, int otherMin, int otherReduction)
    {
        var whole = new KeptJournal();
        Finish(Study(whole).UseHyperband(new HyperbandOptions { MinBudget = min, Reduction = reduction }));
        for (var cut = 1; cut <= whole.Events.Count; cut += 7)
        {
            var journal = new KeptJournal();
            foreach (var fact in whole.Events.Take(cut)) journal.Append(fact);
            Finish(Study(journal).UseHyperband(new HyperbandOptions { MinBudget = otherMin, Reduction = otherReduction }));
            var view = StudyView.Of(journal.Events);
            Assert.HasCount(30, view.Trials, $"cut {cut}");
            foreach (var trial in view.Trials.Where(trial => trial.State == TrialState.Completed)) Assert.AreEqual(9, trial.LastReport!.Value.Step, $"cut {cut}, {trial.Id}");
            Assert.IsGreaterThan(0, view.CompletedCount, $"cut {cut}");
        }
    }

    [TestMethod]
    public void Asha_GoesOnLateWithoutAResult_LetsATrialRunToItsEnd()
    {
        var journal = new KeptJournal();
        using (var first = Study(journal).UseHyperband().Open())
        {
            while (first.View.Trials.Count < 8) first.Run(0.1); // nine begin at step 1, so that all of them wait
        }

        using var study = Study(journal).UseAsha().ForTrials(10).Open();
        while (study.Ask() is { } trial) study.Tell(trial, Schedulable.Run(trial, _ => 0.5, whole: 9)); // not among the best third of those that were paused
        Assert.AreEqual(1, study.View.CompletedCount);
        Assert.AreEqual(9, study.View.Best!.LastReport!.Value.Step);
        Assert.AreEqual(1, study.View.StoppedCount);
    }

    [TestMethod]
    public void GoingOn_WithAllTrialsStartedAndNoneCompleted_RunsTheBestThatWaitsToItsEnd()
    {
        (string Name, Func<StudyBuilder, StudyBuilder> Use)[] others =
        [
            .. Whole,
            ("ASHA, promotion from 3", study => study.UseAsha(new AshaOptions { Form = AshaForm.Promotion, MinBudget = 3 })),
            ("PASHA from 3", study => study.UsePasha(new PashaOptions { MinBudget = 3 })),
            ("one step", study => study.UseOneStep(new OneStepOptions { Step = 3 })),
            ("Hyperband from 4", study => study.UseHyperband(4)),
        ];
        foreach (var (name, use) in others)
        {
            var journal = new KeptJournal();
            using (var first = Study(journal).UseHyperband().Open())
            {
                for (var i = 0; i < 6; i++) first.Run(i == 4 ? 0.1 : 0.5 + 0.1 * i);
            }

            using var study = use(Study(journal)).ForTrials(6).Open();
            while (study.Ask() is { } trial) study.Tell(trial, Schedulable.Run(trial, _ => 0.3, whole: 9));
            Assert.AreEqual(new TrialId(4), study.View.Best?.Id, name);
            Assert.AreEqual((9, 9), (study.View.Best!.Budget, study.View.Best.LastReport!.Value.Step), name);
            Assert.AreEqual(5, study.View.Paused.Count, name);
        }
    }

    [TestMethod]
    public void GoingOn_WithoutStepsThatResume_LeavesThemPausedAndSaysSo()
    {
        var journal = new KeptJournal();
        using (var first = Study(journal).UseHyperband().Open())
        {
            for (var i = 0; i < 6; i++) first.Run(0.5 + 0.1 * i);
        }

        using var study = Study(journal).WithEpochs(9).ForTrials(6).Open();
        Assert.IsNull(study.Ask());
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => study.Result.Best);
        Assert.AreEqual("Study 'toy' has no best trial: none completed before it ended (all 6 trials have been evaluated). 6 of 6 trials were left paused, trial 5 at step 1: loss 1; it waits for the others of its rung; only a scheduler that resumes trials goes on with them. "
            + "Ask HasBest first, or let it run longer.", error.Message);
    }

    private static void Finish(StudyBuilder builder)
    {
        using var study = builder.Open();
        while (study.Ask() is { } trial) study.Tell(trial, Schedulable.Run(trial, step => Toy.Value(trial) + 1.0 / step, whole: 9));
    }

    private static StudyBuilder Study(KeptJournal journal) => Steps.Study(journal).Minimize("loss").WithEpochs(9, canResume: true).ForTrials(30).UseJournal(_ => journal);
}
