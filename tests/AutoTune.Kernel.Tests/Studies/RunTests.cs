using AutoTune.Kernel.Tests.Studies;

namespace AutoTune.Kernel.Tests;

[TestClass]
public sealed class RunTests
{
    [TestMethod]
    public async Task Run_WithTrialLimit_EvaluatesThatMany()
    {
        var result = await Toy.Study().ForTrials(12).RunAsync(Toy.Value);

        Assert.AreEqual(12, result.View.CompletedCount);
        Assert.AreEqual("all 12 trials have been evaluated", result.StopReason);
        Assert.AreEqual(result.View.Trials.Min(trial => trial.Loss), result.Best.Loss);
    }

    [TestMethod]
    public async Task Run_Maximising_FindsTheHighestValue()
    {
        var result = await Toy.Study().Maximize("height").ForTrials(10).RunAsync(trial => -Toy.Value(trial));

        Assert.AreEqual(result.View.Trials.Max(trial => result.View.Goal.Flip(trial.Loss!.Value)), result.BestValue);
        Assert.IsLessThan(0, result.BestValue);
    }

    [TestMethod]
    public async Task Run_TwiceWithTheSameSeed_WritesTheSameFacts()
    {
        var first = new KeptJournal();
        var second = new KeptJournal();
        await Toy.Study().WithSeed(3).ForTrials(8).UseJournal(_ => first).RunAsync(Reporting);
        await Toy.Study().WithSeed(3).ForTrials(8).UseJournal(_ => second).RunAsync(Reporting);

        CollectionAssert.AreEqual(first.Events.Select(Toy.Essence).ToList(), second.Events.Select(Toy.Essence).ToList());
    }

    [TestMethod]
    public async Task Run_WithAnotherSeed_TriesOtherConfigurations()
    {
        var one = await Toy.Study().WithSeed(1).ForTrials(3).RunAsync(Toy.Value);
        var two = await Toy.Study().WithSeed(2).ForTrials(3).RunAsync(Toy.Value);

        Assert.AreNotEqual(one.View.Trials[0].Configuration, two.View.Trials[0].Configuration);
    }

    [TestMethod]
    public async Task Run_CutAnywhereAndRunAgain_EndsAsIfNeverInterrupted()
    {
        var whole = new KeptJournal();
        var uninterrupted = await Toy.Study().ForTrials(5).UseJournal(_ => whole).RunAsync(Reporting);
        var expected = uninterrupted.View.Trials.Select(Toy.Essence).ToList();

        for (var facts = 0; facts < whole.Events.Count; facts++)
        {
            var cut = whole.CutAfter(facts);
            var result = await Toy.Study().ForTrials(5).UseJournal(_ => cut).RunAsync(Reporting);

            CollectionAssert.AreEqual(expected, result.View.Trials.Select(Toy.Essence).ToList(), $"cut after {facts} facts");
        }
    }

    [TestMethod]
    public async Task Run_OfAFinishedStudy_EvaluatesNothing()
    {
        var journal = new KeptJournal();
        var first = await Toy.Study().ForTrials(4).UseJournal(_ => journal).RunAsync(Toy.Value);
        var again = await Toy.Study().ForTrials(4).UseJournal(_ => journal).RunAsync(_ => throw new InvalidOperationException("evaluated"));

        Assert.AreEqual(first.BestConfiguration, again.BestConfiguration);
        Assert.AreEqual(4, again.View.Trials.Count);
    }

    [TestMethod]
    public async Task Run_WithMoreTrialsThanBefore_GoesOn()
    {
        var journal = new KeptJournal();
        await Toy.Study().ForTrials(4).UseJournal(_ => journal).RunAsync(Toy.Value);
        var more = await Toy.Study().ForTrials(6).UseJournal(_ => journal).RunAsync(Toy.Value);
        var atOnce = await Toy.Study().ForTrials(6).RunAsync(Toy.Value);

        CollectionAssert.AreEqual(atOnce.View.Trials.Select(Toy.Essence).ToList(), more.View.Trials.Select(Toy.Essence).ToList());
    }

    [TestMethod]
    public async Task Run_WithSeveralSlots_RunsThatManyAtATime()
    {
        using var bothRun = new Barrier(2);
        var result = await Toy.Study().WithSlots(2).ForTrials(6).RunAsync(trial =>
        {
            Assert.IsTrue(bothRun.SignalAndWait(TimeSpan.FromSeconds(30)));
            return Toy.Value(trial);
        });

        Assert.AreEqual(6, result.View.CompletedCount);
    }

    [TestMethod]
    public async Task Run_UntilValue_EndsThere()
    {
        var result = await Toy.Study().UntilValue(0.5).RunAsync(Toy.Value);

        Assert.IsLessThanOrEqualTo(0.5, result.BestValue);
        Assert.AreEqual("the target of 0.5 for loss was reached", result.StopReason);
        Assert.IsTrue(result.View.Trials.Take(result.View.Trials.Count - 1).All(trial => trial.Loss > 0.5));
    }

    [TestMethod]
    public async Task Run_UntilNoImprovement_EndsAfterThatManyTrials()
    {
        var result = await Toy.Study().UntilNoImprovementFor(7).RunAsync(Toy.Value);

        Assert.AreEqual(result.Best.Id.Number + 7, result.View.Trials.Count - 1);
    }

    [TestMethod]
    public async Task Run_WithRuleOfTheUser_EndsForTheirReason()
    {
        var result = await Toy.Study().StopWhen((study, _) => study.FinishedCount >= 3 ? "three are enough" : null).RunAsync(Toy.Value);

        Assert.AreEqual("three are enough", result.StopReason);
        Assert.AreEqual(3, result.View.FinishedCount);
    }

    [TestMethod]
    public async Task Run_WithKnownPoints_TriesThemFirstAndOnce()
    {
        var journal = new KeptJournal();
        StudyBuilder Build() => Toy.Study().TryFirst(point => point.Set("x", 0.25)).TryFirst(point => point.Set("kind", "b")).TryDefaultsFirst()
            .UseJournal(_ => journal);
        await Build().ForTrials(2).RunAsync(Toy.Value);
        var result = await Build().ForTrials(5).RunAsync(Toy.Value);

        CollectionAssert.AreEqual(new[] { "x=0.25, kind=a", "x=0, kind=b", "x=0, kind=a" }, result.View.Trials.Take(3).Select(trial => trial.Configuration.ToString()).ToArray());
        CollectionAssert.AreEqual(new[] { "known point", "known point", "known point", "random", "random" }, result.View.Trials.Select(trial => trial.Origin).ToArray());
    }

    [TestMethod]
    public async Task Run_OnAFiniteSpace_TriesEachConfigurationOnceAndEnds()
    {
        var space = new SearchSpaceBuilder();
        space.AddInteger("n", 1, 5);
        space.AddBoolean("flag");
        var result = await new StudyBuilder("finite").WithSearchSpace(space).RunAsync(trial => (int)trial.Configuration.Values[0].Value);

        Assert.AreEqual(10, result.View.Trials.Select(trial => trial.Configuration).Distinct().Count());
        Assert.AreEqual(10, result.View.Trials.Count);
        Assert.AreEqual("all 10 configurations of the space have been tried", result.StopReason);
    }

    [TestMethod]
    public async Task Run_AllowingRepeats_MayTryAConfigurationAgain()
    {
        var space = new SearchSpaceBuilder();
        space.AddBoolean("flag");
        var result = await new StudyBuilder("noisy").WithSearchSpace(space).AllowRepeats().ForTrials(9).RunAsync(trial => trial.Random.NextDouble());

        Assert.AreEqual(9, result.View.CompletedCount);
    }

    [TestMethod]
    public async Task Run_OnAnObserverThatThrows_DropsItAndSaysSo()
    {
        var result = await Toy.Study().Observe(new ThrowingObserver()).ForTrials(3).RunAsync(Toy.Value);

        Assert.AreEqual(3, result.View.CompletedCount);
        Assert.AreEqual("Observer ThrowingObserver threw and was dropped: no more", result.Warnings.Single());
    }

    [TestMethod]
    public async Task Run_WhenTheJournalFails_EndsAndKeepsWhatItHas()
    {
        var journal = new KeptJournal { FailsFrom = 5 };
        var result = await Toy.Study().ForTrials(50).UseJournal(_ => journal).RunAsync(Toy.Value);

        Assert.AreEqual("the journal could not be written: disk full", result.StopReason);
        Assert.IsTrue(result.HasBest);
        Assert.HasCount(1, result.Warnings);
        Assert.HasCount(5, journal.Events);
    }

    [TestMethod]
    public async Task Run_TrialRandomness_DependsOnSeedAndNumberAlone()
    {
        var journal = new KeptJournal();
        var first = await Toy.Study().ForTrials(4).UseJournal(_ => journal).RunAsync(trial => trial.Random.NextDouble());
        var cut = journal.CutAfter(5);
        var second = await Toy.Study().ForTrials(4).WithSlots(3).UseJournal(_ => cut).RunAsync(trial => trial.Random.NextDouble());

        CollectionAssert.AreEqual(first.View.Trials.Select(trial => trial.Loss).ToList(), second.View.Trials.Select(trial => trial.Loss).ToList());
    }

    private static double Reporting(ITrialContext trial)
    {
        for (var step = 1; step <= 3; step++) trial.Report(step, Toy.Value(trial) + 1.0 / step);
        return Toy.Value(trial) + trial.Random.NextDouble();
    }

    private sealed class ThrowingObserver : IStudyObserver
    {
        public void OnEvent(StudyEvent studyEvent, StudyView study) => throw new InvalidOperationException("no more");
    }
}
