using AutoTune.Tuners.Portfolio;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Trees;

/// <summary>What is to hold for every tuner that models the loss by trees.</summary>
public abstract class TreeTunerTests
{
    /// <summary>The proposals number 5, 12, 25 and 39 on the mixed space.</summary>
    protected abstract IEnumerable<string> Golden { get; }

    /// <summary>Its name as the origin of trials.</summary>
    protected abstract string Name { get; }

    /// <summary>Makes one; with so many initial trials that it never asks its model, it is the space-filling design alone.</summary>
    protected abstract ITuner Tuner(SearchSpace space, long seed = 0, int? initialTrials = null);

    /// <summary>Says its verb.</summary>
    protected abstract StudyBuilder Use(StudyBuilder study);

    // Made with this code; PortableMath and a fixed order of sums make it hold on every machine. A change of the search changes it, and
    // its commit says why.
    [TestMethod]
    public void Ask_WithAFixedSeed_ProposesWhatItAlwaysDid()
    {
        var told = Tuner(Fixtures.MixedSpace()).Drive(GaussianProcessTunerTests.MixedLoss, 40);
        var golden = new[] { 5, 12, 25, 39 }.Select(number => told[number].Configuration.ToString());
        CollectionAssert.AreEqual(Golden.ToArray(), golden.ToArray(), string.Join(Environment.NewLine, golden));
    }

    [TestMethod]
    public void Ask_AfterReplayOfTheToldTrials_ProposesTheSameToTheBit()
    {
        // Across the end of the dense growths, where trees are older than the trials.
        var space = Fixtures.MixedSpace();
        var told = Tuner(space).Drive(GaussianProcessTunerTests.MixedLoss, 215);
        var replayed = Tuner(space);
        foreach (var trial in told.Take(190)) replayed.Tell(trial);
        for (var number = 190; number < 215; number++)
        {
            Assert.AreEqual(told[number].Configuration, replayed.Ask(number));
            replayed.Tell(told[number]);
        }
    }

    [TestMethod]
    public void Ask_WithPendingTrials_ChangesNothing()
    {
        var space = Fixtures.MixedSpace();
        ITuner asked = Tuner(space), quiet = Tuner(space);
        foreach (var trial in asked.Drive(GaussianProcessTunerTests.MixedLoss, 30)) quiet.Tell(trial);
        var random = new RandomSource(1);
        var pending = Enumerable.Range(31, 64).Select(number => Fixtures.Running(number, space.Sample(random))).ToArray();
        Assert.AreEqual(asked.Ask(30, 0, pending), asked.Ask(30, 0, pending));
        Assert.AreEqual(quiet.Ask(30), asked.Ask(30));
    }

    [TestMethod]
    public void Ask_OnAConditionalSpace_HalvesWhatRandomSearchLeaves()
    {
        var space = Fixtures.MixedSpace();
        var found = TreeFixtures.MedianBest(seed => Tuner(space, seed), GaussianProcessTunerTests.MixedLoss, 60, 9);
        var random = TreeFixtures.MedianBest(seed => Tuner(space, seed, 60), GaussianProcessTunerTests.MixedLoss, 60, 9);
        Assert.IsTrue(found < 0.5 * random, $"{found} against {random}");
    }

    [TestMethod]
    public void Ask_AmongManyChoices_FindsTheBestOfTenThousand()
    {
        var builder = new SearchSpaceBuilder();
        var choices = Enumerable.Range(0, 5).Select(j => builder.AddCategorical<string>($"c{j}", ["a", "b", "c", "d", "e", "f"])).ToArray();
        double Loss(Configuration configuration) => choices.Sum(choice => Math.Abs(configuration.Get(choice)[0] - 'c'));
        var found = TreeFixtures.MedianBest(seed => Tuner(builder.Build(), seed), Loss, 80, 5);
        Assert.AreEqual(0, found);
    }

    [TestMethod]
    [DataRow(997)] // 1e300
    [DataRow(-997)]
    public void Ask_AfterLossesOfExtremeScale_ProposesWhatItDoesForOthers(int exponent)
    {
        List<Configuration> Proposals(double scale)
            => Tuner(Fixtures.Cube(2)).Drive(configuration => scale * Fixtures.Reals(configuration).Sum(x => Math.Abs(x - 0.7)), 40).ConvertAll(trial => trial.Configuration);
        CollectionAssert.AreEqual(Proposals(1), Proposals(Math.ScaleB(1, exponent)));
    }

    [TestMethod]
    public void Ask_WhereOneSideFails_TurnsToTheOther()
    {
        var space = Fixtures.Cube(2);
        var tuner = Tuner(space);
        var failed = 0;
        for (var number = 0; number < 60; number++)
        {
            var configuration = tuner.Ask(number);
            var x = Fixtures.Reals(configuration);
            if (number >= 20 && x[0] > 0.5) failed++;
            tuner.Tell(x[0] > 0.5 ? Fixtures.Failed(number, configuration) : Fixtures.Completed(number, configuration, (x[1] - 0.3) * (x[1] - 0.3)));
        }

        Assert.IsTrue(failed <= 12, $"{failed}");
    }

    [TestMethod]
    public void Ask_WhereARequirementIsBroken_TurnsToWhereItIsMet()
    {
        // The losses are lowest on the side that breaks it.
        var tuner = Tuner(Fixtures.Cube(2));
        var broken = 0;
        for (var number = 0; number < 60; number++)
        {
            var configuration = tuner.Ask(number);
            var x = Fixtures.Reals(configuration);
            if (number >= 20 && x[0] > 0.5) broken++;
            tuner.Tell(Fixtures.Completed(number, configuration, (x[1] - 0.3) * (x[1] - 0.3) - (x[0] > 0.5 ? 1 : 0)) with { Violations = [x[0] - 0.5] });
        }

        Assert.IsTrue(broken <= 12, $"{broken}");
    }

    [TestMethod]
    public void Ask_WhileNoTrialMeetsTheRequirement_FindsOneFarEarlierThanRandomSearch()
    {
        var space = Fixtures.Cube(4);
        var found = TreeFixtures.MedianFirstThatMeets(seed => Tuner(space, seed), 200, 15);
        var random = TreeFixtures.MedianFirstThatMeets(seed => Tuner(space, seed, 200), 200, 15);
        Assert.IsTrue(found < 0.6 * random, $"{found} against {random}");
    }

    [TestMethod]
    public void Ask_AfterNothingButFailures_GoesOn()
    {
        var tuner = Tuner(Fixtures.MixedSpace());
        var seen = new List<Configuration>();
        for (var number = 0; number < 30; number++)
        {
            seen.Add(tuner.Ask(number));
            tuner.Tell(Fixtures.Failed(number, seen[^1]));
        }

        Assert.AreEqual(30, seen.Distinct().Count());
    }

    [TestMethod]
    public void Ask_OnAFiniteSpace_TriesEachConfigurationOnceBeforeAnyAgain()
    {
        var builder = new SearchSpaceBuilder();
        var kind = builder.AddCategorical<string>("kind", ["a", "b", "c"]);
        builder.AddInteger("size", 1, 12, activeWhen: kind.Is("b"));
        builder.AddBoolean("flag");
        var told = Tuner(builder.Build()).Drive(configuration => configuration.ToString().Length, 28);
        Assert.AreEqual(28, told.Select(trial => trial.Configuration).Distinct().Count());
    }

    [TestMethod]
    public void Ask_In200DimensionsWith64Pending_ProposesSomethingNew()
    {
        var space = Fixtures.Cube(200);
        var tuner = Tuner(space);
        tuner.Drive(configuration => Fixtures.Reals(configuration).Sum(), 12);
        tuner.Drive(configuration => Fixtures.Reals(configuration).Sum(), 3);
        var random = new RandomSource(1);
        var pending = Enumerable.Range(100, 64).Select(number => Fixtures.Running(number, space.Sample(random))).ToArray();
        Assert.IsFalse(pending.Any(trial => trial.Configuration.Equals(tuner.Ask(15, 0, pending))));
    }

    [TestMethod]
    public void PredictLeftOut_OfALearnableLoss_OrdersTheTrials()
    {
        var tuner = Tuner(Fixtures.Cube(2));
        Assert.AreEqual(0, ((ILeftOutPredictor)tuner).PredictLeftOut().Length);
        var random = new RandomSource(3);
        var losses = new List<double>();
        for (var number = 0; number < 60; number++)
        {
            var configuration = Fixtures.Cube(2).Sample(random);
            losses.Add(Fixtures.Reals(configuration).Sum());
            tuner.Tell(Fixtures.Completed(number, configuration, losses[^1]));
        }

        var before = tuner.Ask(60);
        var predicted = ((ILeftOutPredictor)tuner).PredictLeftOut();
        var correlation = MathNet.Numerics.Statistics.Correlation.Spearman(predicted, losses);
        Assert.IsTrue(correlation > 0.8, $"{correlation}");
        Assert.AreEqual(before, tuner.Ask(60));
    }

    [TestMethod]
    public async Task RunAsync_OfAStudy_FindsTheMaximumAndNamesItsTuner()
    {
        var space = new SearchSpaceBuilder();
        var rate = space.AddReal("rate", 1e-5, 1, Scale.Log);
        var kind = space.AddCategorical<string>("kind", ["a", "b", "c"]);
        var result = await Use(new StudyBuilder("parabola").WithSearchSpace(space).Maximize("value").ForTrials(60))
            .RunAsync(trial => -Math.Pow(Math.Log10(trial.Configuration.Get(rate)) + 2, 2) - (trial.Configuration.Get(kind) == "b" ? 0 : 0.5));
        Assert.AreEqual("b", result.Best.Configuration.Get(kind));
        Assert.AreEqual(-2, Math.Log10(result.Best.Configuration.Get(rate)), 0.15);
        Assert.AreEqual(Name, result.Best.Origin);
    }
}
