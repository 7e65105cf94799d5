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

    private static void Finish(StudyBuilder builder)
    {
        using var study = builder.Open();
        while (study.Ask() is { } trial) study.Tell(trial, Schedulable.Run(trial, step => Toy.Value(trial) + 1.0 / step, whole: 9));
    }

    private static StudyBuilder Study(KeptJournal journal) => Steps.Study(journal).Minimize("loss").WithEpochs(9, canResume: true).ForTrials(30).UseJournal(_ => journal);
}
