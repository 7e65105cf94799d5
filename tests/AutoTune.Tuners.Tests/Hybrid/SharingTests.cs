using AutoTune.Tuners.FrugalSearch;
using AutoTune.Tuners.Hybrid;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Hybrid;

[TestClass]
public sealed class SharingTests
{
    [TestMethod]
    public async Task Bandit_OfTwoTuners_GivesMostTrialsToTheOneThatFindsSomething()
    {
        var result = await Bowl(out var loss).UseHybrid(h => h.Bandit(s => s.UseRandom(), s => s.UseCmaEs())).ForTrials(80).RunAsync(loss);
        var trials = result.View.Trials;
        Assert.IsGreaterThan(2 * trials.Count(trial => trial.Origin == "random"), trials.Count(trial => trial.Origin == "CMA-ES"));
        Assert.IsGreaterThan(5, trials.Count(trial => trial.Origin == "random")); // it may come back
        StringAssert.Matches(trials[^1].Tags["because"], new(@"^the plan begins with it; it found \d+ of \d+ new bests in \d+ of the latest 60 trials, and is furthest behind its share of \d+ %$"));
    }

    [TestMethod]
    public async Task Bandit_OnSeveralSlots_CountsWhatIsPending()
    {
        var result = await Bowl(out _).WithSlots(8).UseHybrid(h => h.Bandit(s => s.UseRandom(), s => s.UseTpe())).ForTrials(8).RunAsync(_ => 1.0);
        Assert.AreEqual(4, result.View.Trials.Count(trial => trial.Origin == "random"));
    }

    [TestMethod]
    public async Task Study_WithAPortfolioInside_KeepsItsMembersAndTheirRecord()
    {
        var result = await Bowl(out var loss).UseHybrid(h => h.Alternate(s => s.UsePortfolio(), s => s.UseCmaEs())).ForTrials(80).RunAsync(loss);
        var trials = result.View.Trials;
        Assert.AreEqual(40, trials.Count(trial => trial.Origin == "CMA-ES"));
        var inner = trials.Where(trial => trial.Origin.StartsWith("portfolio > ", StringComparison.Ordinal)).ToList();
        Assert.HasCount(40, inner);
        Assert.IsTrue(inner.Exists(trial => trial.Origin == "portfolio > Gaussian process") && inner.Exists(trial => trial.Origin is "portfolio > forest" or "portfolio > TPE"));
        Assert.AreEqual("the plan begins with it", inner[^1].Tags["because"]);
        // 39 of its own before this one; the 40 of the other CMA-ES are not those of its own CMA-ES.
        StringAssert.Contains(inner[^1].Tags["portfolio > because"], "of the latest 39 trials");
    }

    [TestMethod]
    public async Task Study_WithAHybridInside_GoesThroughItsStages()
    {
        var result = await Bowl(out var loss).UseHybrid(h => h
            .Start(s => s.UseQuasiRandom(), HandOver.After(4))
            .Alternate(s => s.UseHybrid(inner => inner.Start(i => i.UseRandom(), HandOver.After(3)).Then(i => i.UseTpe())), s => s.UseCmaEs())).ForTrials(16).RunAsync(loss);
        var inner = result.View.Trials.Where(trial => trial.Origin.StartsWith("hybrid > ", StringComparison.Ordinal)).ToList();
        Assert.AreEqual("random random random TPE TPE TPE", string.Join(' ', inner.Select(trial => trial.Origin["hybrid > ".Length..])));
        Assert.IsTrue(inner.TrueForAll(trial => trial.Tags["stage"] == "2"));
        Assert.AreEqual("stage 1 has had its 3 trials", inner[^1].Tags["hybrid > because"]);
    }

    [TestMethod]
    public void Ask_AfterReplayOfTheToldTrials_ProposesTheSame()
    {
        var space = Fixtures.MixedSpace();
        var told = new List<Trial>();
        var tuner = Nested(space);
        for (var number = 0; number < 44; number++)
        {
            var proposal = (Proposal.Evaluate)tuner.Ask(Fixtures.Request(number));
            told.Add(Fixtures.Completed(number, proposal.Configuration, GaussianProcessTunerTests.MixedLoss(proposal.Configuration)) with { Origin = proposal.Origin!, Tags = proposal.Tags! });
            tuner.Tell(told[^1]);
        }

        var replayed = Nested(space);
        foreach (var trial in told.Take(36)) replayed.Tell(trial);
        for (var number = 36; number < 44; number++)
        {
            var proposal = (Proposal.Evaluate)replayed.Ask(Fixtures.Request(number));
            Assert.AreEqual((told[number].Configuration, told[number].Origin), (proposal.Configuration, proposal.Origin));
            replayed.Tell(told[number]);
        }
    }

    // BlendSearch: local searches from the best that a global one finds.
    [TestMethod]
    public async Task BlendSearch_AsAnExpression_FindsMoreThanTheGlobalSearchAlone()
    {
        double blended = 0, alone = 0;
        for (var seed = 0; seed < 5; seed++)
        {
            blended += (await Bowl(out var loss).WithSeed(seed).UseHybrid(h => h.Bandit(s => s.UseFrugalSearch(new() { Form = FrugalForm.Local }), s => s.UseTpe())).ForTrials(60).RunAsync(loss)).BestValue;
            alone += (await Bowl(out loss).WithSeed(seed).UseTpe().ForTrials(60).RunAsync(loss)).BestValue;
        }

        Assert.IsLessThan(0.5 * alone, blended);
    }

    // The choices by a Gaussian process, the reals by the gradients that trials tell: steps alone stay with the choice that they began with, the model alone comes near.
    [TestMethod]
    public async Task BayesianSearchWithGradientsInside_OverChoicesAndReals_IsBetterThanEitherAlone()
    {
        double[] both = await BestOf(h => h.Alternate(s => s.UseBayesian(), s => s.UseGradient()));
        double[] steps = await BestOf(h => h.Start(s => s.UseGradient()));
        double[] model = await BestOf(h => h.Start(s => s.UseBayesian()));
        Assert.IsTrue(steps.All(loss => loss >= 0.5), string.Join(' ', steps)); // the minimum of the layout at the start
        Assert.IsTrue(both.Zip(model).All(pair => pair.First < 1e-3 * pair.Second), $"{string.Join(' ', both)} against {string.Join(' ', model)}");
    }

    private static async Task<double[]> BestOf(Func<HybridPlan, HybridPlan> plan)
    {
        var best = new double[2];
        for (var seed = 0; seed < best.Length; seed++)
        {
            var space = new SearchSpaceBuilder();
            var layout = space.AddCategorical<string>("layout", ["flat", "deep", "wide", "narrow"]);
            Hyperparameter<double>[] strengths = [.. Enumerable.Range(0, 6).Select(i => space.AddReal($"strength {i}", -1, 1))];
            var result = await new StudyBuilder("layouts").WithSearchSpace(space).WithSeed(seed).UseHybrid(plan).ForTrials(50).RunAsync(trial =>
            {
                var (least, centre) = trial.Configuration.Get(layout) switch { "flat" => (0.5, 0.0), "deep" => (0, 0.6), "wide" => (0.7, -0.5), _ => (1, 0.3) };
                var values = new TrialValues(least + strengths.Select((strength, i) => Math.Pow(3, i) * Math.Pow(trial.Configuration.Get(strength) - centre, 2)).Sum());
                return strengths.Select((strength, i) => (strength, Weight: Math.Pow(3, i))).Aggregate(values, (sum, of) => sum.WithGradient(of.strength, 2 * of.Weight * (trial.Configuration.Get(of.strength) - centre)));
            });
            best[seed] = result.BestValue;
        }

        return best;
    }

    private static HybridTuner Nested(SearchSpace space) => HybridExtensions.Create(
        HybridPlan.Empty.Start(s => s.UseQuasiRandom(), HandOver.After(4)).Bandit(s => s.UsePortfolio(), s => s.UseHybrid(h => h.Start(i => i.UseRandom(), HandOver.After(2)).Then(i => i.UseTpe()))),
        space, new RandomSource(1), new StudyBuilder("replay").ForTrials(50));

    private static StudyBuilder Bowl(out Func<ITrialContext, double> loss)
    {
        var space = new SearchSpaceBuilder();
        var x = space.AddReal("x", -3, 5);
        var y = space.AddReal("y", -3, 5);
        loss = trial => Math.Pow(trial.Configuration.Get(x) - 1, 2) + Math.Pow(trial.Configuration.Get(y) + 2, 2);
        return new StudyBuilder("bowl").WithSearchSpace(space);
    }
}
