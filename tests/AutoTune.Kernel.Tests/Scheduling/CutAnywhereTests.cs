using AutoTune.Kernel.Tests.Studies;
using AutoTune.Scheduling;

namespace AutoTune.Kernel.Tests.Scheduling;

/// <summary>A study that was killed goes on to the same end, also where a trial was running: it is found orphaned and evaluated again from its checkpoint.</summary>
[TestClass]
public sealed class CutAnywhereTests
{
    public static IEnumerable<object[]> Studies =>
    [
        ["rules", (StudyBuilder study) => study.UsePatience(2).UseMedianRule(new PercentileRuleOptions { MinTrials = 2 }).UseThreshold(2, fromStep: 3)],
        ["ASHA that stops", (StudyBuilder study) => study.UseAsha()],
        ["ASHA that promotes", (StudyBuilder study) => study.UseAsha(new AshaOptions { Form = AshaForm.Promotion })],
        ["Hyperband", (StudyBuilder study) => study.UseHyperband()],
        ["an opening of Hyperband before ASHA", (StudyBuilder study) => study.UseScheduler(_ => new HyperbandBrackets(1, 9, 3).CreateOpening(16, mayBeCutShort: true, new AshaOptions().CreateStopping(9)))],
        ["Hyperband that starts anew", (StudyBuilder study) => study.UseHyperband(new HyperbandOptions { StartsAnew = true })],
        ["PASHA", (StudyBuilder study) => study.UsePasha()],
        ["one step", (StudyBuilder study) => study.UseOneStep(new OneStepOptions { OneIn = 4 })],
    ];

    [TestMethod]
    [DynamicData(nameof(Studies))]
    public async Task Study_CutAfterAnyFact_GoesOnToTheSameEnd(string name, object use)
    {
        var journal = new KeptJournal();
        var whole = await Study(journal).RunAsync(Crossing);
        Assert.IsTrue(whole.View.StoppedCount > 0 || whole.View.Paused.Count > 0, name);
        Assert.IsGreaterThan(40, journal.Events.Count, name);
        for (var kept = 1; kept < journal.Events.Count; kept += 3)
        {
            var rest = await Study(journal.CutAfter(kept)).RunAsync(Crossing);
            CollectionAssert.AreEqual(whole.View.Trials.Select(Toy.Essence).ToList(), rest.View.Trials.Select(Toy.Essence).ToList(), $"{name}, cut after {kept}");
        }

        StudyBuilder Study(KeptJournal kept) => ((Func<StudyBuilder, StudyBuilder>)use)(Toy.Study().WithSeed(2).WithEpochs(9, canResume: true).ForTrials(16).UseJournal(_ => kept));
    }

    // Trials with a small value begin badly.
    private static double Crossing(ITrialContext trial) => Schedulable.Run(trial, step => Toy.Value(trial) + (Toy.Value(trial) < 0.3 ? 2.0 : 1.0) / step, whole: 9);
}
