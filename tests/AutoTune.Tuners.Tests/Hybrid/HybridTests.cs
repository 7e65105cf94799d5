using AutoTune.Tuners.Hybrid;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Hybrid;

[TestClass]
public sealed class HybridTests
{
    [TestMethod]
    public async Task Study_ByStages_HandsOverWhenTheRuleSaysAndNotesWhy()
    {
        var result = await Bowl(out var loss).UseHybrid(h => h
            .Start(s => s.UseQuasiRandom(), HandOver.After(10))
            .Then(s => s.UseTpe(), HandOver.AtShare(0.5))
            .Alternate(s => s.UseCmaEs(), s => s.UseBayesian())).ForTrials(40).RunAsync(loss);
        var trials = result.View.Trials;
        Assert.IsTrue(trials.Take(10).All(trial => trial is { Origin: "quasi-random" } && trial.Tags["stage"] == "1" && trial.Tags["because"] == "the plan begins with it"));
        Assert.IsTrue(trials.Skip(10).Take(10).All(trial => trial is { Origin: "TPE" } && trial.Tags["because"] == "stage 1 has had its 10 trials"));
        Assert.IsTrue(trials.Skip(20).All(trial => trial.Tags["stage"] == "3" && trial.Tags["because"] == "50 % of the trials are used"));
        Assert.AreEqual(10, trials.Count(trial => trial.Origin == "CMA-ES"));
        Assert.AreEqual(10, trials.Count(trial => trial.Origin == "Gaussian process"));
    }

    [TestMethod]
    public async Task Study_WhoseStageIsStuck_HandsOverAfterSoManyTrialsWithoutANewBest()
    {
        var result = await Bowl(out _).UseHybrid(h => h.Start(s => s.UseRandom(), HandOver.Stuck(5)).Then(s => s.UseTpe())).ForTrials(12).RunAsync(trial => trial.Id.Number < 3 ? -trial.Id.Number : 0);
        Assert.IsTrue(result.View.Trials.Take(8).All(trial => trial.Origin == "random"));
        Assert.IsTrue(result.View.Trials.Skip(8).All(trial => trial.Origin == "TPE" && trial.Tags["because"] == "stage 1 found nothing better in 5 trials"));
    }

    [TestMethod]
    public async Task Study_OnSeveralSlots_GivesAStageItsTrialsAndNoMore()
    {
        var result = await Bowl(out var loss).WithSlots(4).UseHybrid(h => h.Start(s => s.UseRandom(), HandOver.After(6)).Then(s => s.UseTpe())).ForTrials(20).RunAsync(loss);
        Assert.AreEqual(6, result.View.Trials.Count(trial => trial.Origin == "random"));
    }

    [TestMethod]
    public async Task Study_WhoseStagesEndAtOnce_GivesTheNextItsTrialsAndNoMore()
    {
        var result = await Bowl(out var loss).UseHybrid(h => h.Start(s => s.UseRandom(), HandOver.AtShare(.01)).Then(s => s.UseCmaEs(), HandOver.AtShare(.01)).Then(s => s.UseGenetic(), HandOver.After(2)).Then(s => s.UseTpe()))
            .ForTrials(6).RunAsync(loss);
        CollectionAssert.AreEqual(new[] { "random", "genetic algorithm", "genetic algorithm", "TPE", "TPE", "TPE" }, result.View.Trials.Select(trial => trial.Origin).ToArray());
    }

    [TestMethod]
    public void Study_WhoseTrialEndsBeforeThoseOfTheStageBefore_CountsIt()
    {
        using var study = Bowl(out _).WithSlots(3).UseHybrid(h => h.Start(s => s.UseRandom(), HandOver.After(2)).Then(s => s.UseGenetic(), HandOver.After(2)).Then(s => s.UseTpe())).ForTrials(6).Open();
        var first = Enumerable.Range(0, 3).Select(_ => study.Ask()!).ToList();
        foreach (var trial in Enumerable.Reverse(first)) study.Tell(trial, 1);
        while (study.Ask() is { } trial) study.Tell(trial, 1);
        CollectionAssert.AreEqual(new[] { "random", "random", "genetic algorithm", "genetic algorithm", "TPE", "TPE" }, study.View.Trials.Select(trial => trial.Origin).ToArray());
    }

    [TestMethod]
    public async Task Study_ByThePreset_TakesGradientsWhereTrialsTellThemAndElseGoesOn()
    {
        var space = new SearchSpaceBuilder();
        var x = space.AddReal("x", -3, 5);
        var y = space.AddReal("y", -3, 5);
        TrialValues Slopes(ITrialContext trial)
        {
            var (a, b) = (trial.Configuration.Get(x) - 1, trial.Configuration.Get(y) + 2);
            return new TrialValues(a * a + 3 * b * b + a * b).WithGradient(x, 2 * a + b).WithGradient(y, 6 * b + a);
        }

        var with = await new StudyBuilder("slopes").WithSearchSpace(space).UseHybrid().ForTrials(40).RunAsync(Slopes);
        var without = await Bowl(out var loss).UseHybrid().ForTrials(24).RunAsync(loss);
        var first = with.View.Trials[0].Origin;
        Assert.IsTrue(with.View.Trials.Take(20).All(trial => trial.Origin == first));
        Assert.AreEqual("gradient descent", with.View.Trials[20].Origin);
        Assert.AreEqual("50 % of the trials are used, and trials tell gradients", with.View.Trials[20].Tags["because"]);
        Assert.AreEqual("3", with.View.Trials[^1].Tags["stage"]); // the bottom is reached to the last digit
        Assert.AreEqual("stage 2 found nothing better in 6 trials", with.View.Trials[^1].Tags["because"]);
        Assert.IsTrue(without.View.Trials.All(trial => trial.Origin == with.View.Trials[0].Origin), without.View.Trials[^1].Origin);
        Assert.IsLessThan(1e-9, with.BestValue);
    }

    [TestMethod]
    public async Task Study_ByThePresetWithAWholeNumber_LeavesTheModelLongerToFindIt()
    {
        var space = new SearchSpaceBuilder();
        var x = space.AddReal("x", -3, 5);
        var n = space.AddInteger("n", 1, 9);
        var result = await new StudyBuilder("slopes").WithSearchSpace(space).UseHybrid().ForTrials(24).RunAsync(trial =>
        {
            var (a, b) = (trial.Configuration.Get(x) - 1, trial.Configuration.Get(n) - 7);
            return new TrialValues(a * a + b * b).WithGradient(x, 2 * a);
        });
        Assert.IsTrue(result.View.Trials.Take(18).All(trial => trial.Origin == result.View.Trials[0].Origin));
        Assert.AreEqual("gradient descent", result.View.Trials[18].Origin);
        Assert.AreEqual("75 % of the trials are used, and trials tell gradients", result.View.Trials[18].Tags["because"]);
    }

    [TestMethod]
    public async Task Study_WithATunerThatCannotBegin_GoesOnWithTheOthersAndSaysWhy()
    {
        var elsewhere = new SearchSpaceBuilder();
        var cell = elsewhere.AddCell("cell", 3, ["none", "conv"], none: "none");
        var result = await Bowl(out var loss).UseHybrid(h => h.Alternate(s => s.UseArchitectureSearch([cell]), s => s.UseTpe())).ForTrials(6).RunAsync(loss);
        Assert.IsTrue(result.View.Trials.All(trial => trial.Origin == "TPE"), string.Join(", ", result.View.Trials.Select(trial => trial.Origin)));
        StringAssert.Contains(result.View.Trials[^1].Tags["because"], " failed (");
    }

    [TestMethod]
    public async Task Study_OfSteps_TellsThemToItsTuners()
    {
        var result = await Bowl(out var loss).WithEpochs(9, canResume: true).UseHybrid(h => h.Start(s => s.UseBohb())).ForTrials(4).RunAsync(loss);
        Assert.IsTrue(result.View.Trials.All(trial => trial.Origin == "BOHB"), result.View.Trials[0].Origin);
    }

    [TestMethod]
    public void Ask_AfterReplayOfTheToldTrials_ProposesTheSame()
    {
        var space = Fixtures.MixedSpace();
        var told = new List<Trial>();
        var tuner = Tuner(space);
        for (var number = 0; number < 40; number++)
        {
            var proposal = (Proposal.Evaluate)tuner.Ask(Fixtures.Request(number));
            told.Add(Fixtures.Completed(number, proposal.Configuration, GaussianProcessTunerTests.MixedLoss(proposal.Configuration)) with { Origin = proposal.Origin!, Tags = proposal.Tags! });
            tuner.Tell(told[^1]);
        }

        Assert.AreEqual("3", told[^1].Tags["stage"]);
        var replayed = Tuner(space);
        foreach (var trial in told.Take(20)) replayed.Tell(trial);
        for (var number = 20; number < 40; number++)
        {
            Assert.AreEqual(told[number].Configuration, replayed.Ask(number));
            replayed.Tell(told[number]);
        }
    }

    [TestMethod]
    public void Plan_WithoutAStage_IsRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new StudyBuilder("none").UseHybrid(h => h));
        StringAssert.Contains(error.Message, "The plan of UseHybrid has no stage; begin it with h.Start(study => study.UseBayesian()).");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => HybridPlan.For(Fixtures.MixedSpace()).Start(s => s.UseTpe())).Message, "The plan has 3 stages already; say Then for the next.");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => HandOver.AtShare(1)).Message, "HandOver.AtShare.share is 1; it must be above 0 and below 1.");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new StudyBuilder("x").UseHybrid(h => h.Start(_ => null!))).Message, "A verb of UseHybrid's plan gives no study back");
    }

    private static HybridTuner Tuner(SearchSpace space) => HybridExtensions.Create(
        HybridPlan.Empty.Start(s => s.UseQuasiRandom(), HandOver.After(8)).Then(s => s.UseTpe(), HandOver.Stuck(4)).Then(s => s.UseCmaEs()), space, new RandomSource(1), new StudyBuilder("replay").ForTrials(40));

    private static StudyBuilder Bowl(out Func<ITrialContext, double> loss)
    {
        var space = new SearchSpaceBuilder();
        var x = space.AddReal("x", -3, 5);
        var y = space.AddReal("y", -3, 5);
        loss = trial => Math.Pow(trial.Configuration.Get(x) - 1, 2) + Math.Pow(trial.Configuration.Get(y) + 2, 2);
        return new StudyBuilder("bowl").WithSearchSpace(space);
    }
}
