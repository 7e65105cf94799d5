using AutoTune.Kernel.Tests.Studies;
using AutoTune.Scheduling;

namespace AutoTune.Kernel.Tests.Scheduling;

[TestClass]
public sealed class PashaTests
{
    private static readonly double[] Falling = [4, 3, 2, 1];

    [TestMethod]
    [DataRow(new double[] { 3, 3, 3, 3 }, 1)]
    [DataRow(new double[] { 3, 4, 3, 0 }, 2)]
    [DataRow(new double[] { 4, 3, 2, 1 }, 0)]
    [DataRow(new double[] { 5, 3, 2, 0 }, 1)] // equal in between
    public void Crossings_OfTwoCurves_AreCounted(double[] other, int expected)
        => Assert.AreEqual(expected, SoftRanking.Crossings(Curve(0, Falling), Curve(1, other)));

    [TestMethod]
    public void SoftRanking_TrialsInAnotherOrderThanBelow_AreConsistentOnlyWithinTheNoise()
    {
        var ranking = new SoftRanking(noisePercentile: 100);
        Add(ranking, 0, below: 0.50, top: 0.40, 1, 1, 0);
        Add(ranking, 1, below: 0.60, top: 0.45, 2, 2, 2);
        Assert.IsTrue(ranking.IsConsistent);
        Add(ranking, 2, below: 0.52, top: 0.46, 3, 3, 3); // below 0 2 1, at the top 0 1 2: 0.08 apart
        Assert.IsFalse(ranking.IsConsistent);
        Assert.AreEqual(0, ranking.Epsilon);

        Add(ranking, 3, below: 0.70, top: 0.56, 2.5, 1.5, 2.5); // crosses trial 1 twice, 0.11 away from it at the top
        Assert.AreEqual(0.11, ranking.Epsilon, 1e-12);
        Assert.IsTrue(ranking.IsConsistent);
    }

    [TestMethod]
    public async Task Pasha_CurvesThatKeepTheirOrder_StayAtTheSecondRungUntilTheBestRunsToItsEnd()
    {
        var journal = new KeptJournal();
        var result = await Toy.Study().WithSeed(5).WithEpochs(81, canResume: true).UsePasha().ForTrials(60).UseJournal(_ => journal).RunAsync(Schedulable.Curve);

        Assert.AreEqual(result.View.Trials.MinBy(trial => trial.Reports[0].Loss)!.Id, result.View.Best!.Id);
        Assert.AreEqual(1, result.View.CompletedCount);
        Assert.AreEqual(3, result.View.Trials.Where(trial => trial.Id != result.View.Best.Id).Max(trial => trial.LastReport!.Value.Step));
        Assert.IsLessThan(60 * 2 + 81, Steps.Done(journal.Events));
    }

    [TestMethod]
    public async Task Pasha_CurvesThatTurnRoundOnce_AddRungs()
    {
        // Above step 3 the order is the opposite: the rungs of 1 and 3 disagree.
        var result = await Toy.Study().WithSeed(5).WithEpochs(27, canResume: true).UsePasha().ForTrials(60)
            .RunAsync(trial => Schedulable.Run(trial, step => step < 3 ? Toy.Value(trial) : 2 - Toy.Value(trial)));

        Assert.IsTrue(result.View.Trials.Any(trial => trial.LastReport!.Value.Step == 9));
    }

    [TestMethod]
    public async Task OneStep_OfTwentyTrials_RunsTheBestTwoToTheirEnds()
    {
        var journal = new KeptJournal();
        var result = await Toy.Study().WithSeed(5).WithEpochs(50, canResume: true).UseOneStep().ForTrials(20).UseJournal(_ => journal).RunAsync(Schedulable.Curve);

        Assert.AreEqual(result.View.Trials.MinBy(trial => trial.Reports[0].Loss)!.Id, result.View.Best!.Id);
        Assert.AreEqual(20 + result.View.CompletedCount * 49, Steps.Done(journal.Events));
        Assert.AreEqual(2, result.View.CompletedCount);
    }

    [TestMethod]
    public async Task OneStep_WithAnotherStepAndAFewTrials_RunsOneToItsEnd()
    {
        var result = await Toy.Study().UseOneStep(new OneStepOptions { Step = 3, MaxBudget = 12, OneIn = 7 }).ForTrials(6).RunAsync(Schedulable.Curve);

        CollectionAssert.AreEqual(new[] { 3, 3, 3, 3, 3, 12 }, result.View.Trials.Select(trial => trial.LastReport!.Value.Step).Order().ToArray());
    }

    [TestMethod]
    public void Definition_ProblemsOfPashaAndOneStep_AreSaidWithTheirRemedies()
    {
        var pasha = Assert.ThrowsExactly<StudyDefinitionException>(() => Toy.Study().WithEpochs(9, canResume: true).UsePasha(new PashaOptions { NoisePercentile = 120 }).Open());
        var oneStep = Assert.ThrowsExactly<StudyDefinitionException>(() => Toy.Study().UseOneStep(new OneStepOptions { OneIn = 1, Step = 0 }).Open());

        CollectionAssert.AreEqual(new[]
        {
            "PASHA runs its best trial to the end when all have been started, and there is no limit to them; say ForTrials.",
            "PASHA: NoisePercentile 120 must be from 0 to 100; the paper's is 90.",
        }, pasha.Problems.ToArray());
        CollectionAssert.AreEqual(new[]
        {
            "UseOneStep: Step 0 must be at least 1; steps are counted from 1.",
            "UseOneStep: OneIn 1 must be at least 2; 3 lets one trial in three go on.",
            "UseOneStep does not know how many steps a whole trial has; say the study's steps, such as WithEpochs(27), or MaxBudget.",
        }, oneStep.Problems.ToArray());
    }

    private static void Add(SoftRanking ranking, int trial, double below, double top, params double[] curve)
        => ranking.Add(new RankedLoss(top, new TrialId(trial)), below, Curve(trial, curve));

    private static List<TrialReport> Curve(int trial, double[] losses) => [.. losses.Select((loss, i) => new TrialReport(new TrialId(trial), i + 1, loss))];
}
