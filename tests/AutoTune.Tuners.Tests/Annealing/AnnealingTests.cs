using AutoTune.Tuners.Annealing;
using AutoTune.Tuners.Tests.FrugalSearch;
using AutoTune.Tuners.Tests.GaussianProcess;

namespace AutoTune.Tuners.Tests.Annealing;

[TestClass]
public sealed class AnnealingTests
{
    [TestMethod]
    public void Temperature_OverARun_FallsGeometrically()
    {
        Assert.AreEqual(0.1, Cooling.Temperature(0.1, 1e-5, 0, 80), 1e-15);
        Assert.AreEqual(1e-3, Cooling.Temperature(0.1, 1e-5, 40, 80), 1e-12);
        Assert.AreEqual(1e-5, Cooling.Temperature(0.1, 1e-5, 80, 80), 1e-15);
        Assert.AreEqual(1e-5, Cooling.Temperature(0.1, 1e-5, 500, 80), 1e-15);
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(0.01)]
    [DataRow(1e-5)]
    public void Step_AtATemperature_HasThePapersMedianAndNeverLeavesTheRange(double temperature)
    {
        var random = new RandomSource(1);
        var steps = Enumerable.Range(0, 20_001).Select(_ => Cooling.Step(temperature, random)).ToArray();
        var median = steps.Select(Math.Abs).Order().ElementAt(10_000);
        var expected = temperature * (Math.Sqrt(1 + 1 / temperature) - 1);
        Assert.AreEqual(expected, median, 0.1 * expected);
        Assert.IsTrue(Array.TrueForAll(steps, step => Math.Abs(step) <= 1));
        Assert.AreEqual(0.5, steps.Count(step => step > 0) / 20_001.0, 0.02);
    }

    [TestMethod]
    public void Between_TwoLosses_CountsSpreadsWhateverTheirScaleAndOutliers()
    {
        foreach (var scale in new[] { 1.0, 1e-300, 1e300 })
        {
            var spread = new LossSpread();
            foreach (var loss in new[] { 3.0, 1, 5, 2, 4 }) spread.Tell(loss * scale);
            Assert.AreEqual(0.5, spread.Between(2 * scale, 3 * scale), 1e-12); // the middle is 3, the best 1
            Assert.AreEqual(0, spread.Between(3 * scale, 2 * scale));
        }

        var outlier = new LossSpread();
        foreach (var loss in new[] { 3.0, 1, double.MaxValue, -double.MaxValue, 2 }) outlier.Tell(loss);
        Assert.IsTrue(outlier.Between(-double.MaxValue, double.MaxValue) is > 1 and < double.PositiveInfinity);
        Assert.AreEqual(double.PositiveInfinity, new LossSpread().Between(1, 2));
    }

    [TestMethod]
    public void Ask_WithLossesOfAnotherScale_ProposesTheSame()
    {
        var space = Fixtures.MixedSpace();
        var plain = Tuner(space, new()).DriveTagged(GaussianProcessTunerTests.MixedLoss, 150);
        var scaled = Tuner(space, new()).DriveTagged(configuration => GaussianProcessTunerTests.MixedLoss(configuration) * (1L << 40), 150);
        CollectionAssert.AreEqual(plain.ConvertAll(trial => trial.Configuration), scaled.ConvertAll(trial => trial.Configuration));
    }

    [TestMethod]
    public void Tell_OfWorseTrials_FollowsSomeOfItsOwnWhileHotAndNoneOfOthers()
    {
        var space = Fixtures.Cube(3);
        int own = 0, others = 0, cold = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var hot = new AnnealingOptions { InitialTrials = 3, InitialTemperature = 1, RunLength = 1000 };
            own += IsFollowed(hot, true);
            others += IsFollowed(hot, false);
            cold += IsFollowed(hot with { InitialTemperature = 1e-3, FinalTemperature = 1e-4 }, true);

            int IsFollowed(AnnealingOptions options, bool isOwn)
            {
                var tuner = new AnnealingTuner(space, options, new RandomSource(seed));
                foreach (var loss in new[] { 3.0, 1, 2 }) tuner.Tell(tuner.AskTrial((int)loss).Ended(loss));
                var trial = tuner.AskTrial(4, seed).Ended(2); // one spread worse
                tuner.Tell(isOwn ? trial : trial with { Tags = trial.Tags.Clear() });
                return tuner.Point!.Configuration.Equals(trial.Configuration) ? 1 : 0;
            }
        }

        Assert.AreEqual(37, own, 15); // e^-1
        Assert.AreEqual(0, others);
        Assert.AreEqual(0, cold);
    }

    [TestMethod]
    public void Tell_OfABetterTrialThatAnotherProposed_GoesThere()
    {
        var tuner = Tuner(Fixtures.Cube(2), new());
        tuner.DriveTagged(configuration => 1 + Fixtures.Reals(configuration).Sum(), 30);
        var known = Fixtures.Completed(1000, Fixtures.Cube(2).Default, 0.5);
        tuner.Tell(known);
        Assert.AreEqual(known.Id, tuner.Point!.Trial);
        StringAssert.StartsWith(tuner.AskTrial(30).Tags["annealing reason"], $"a step from {known.Id} at temperature");
    }

    [TestMethod]
    public void Tell_AtTheEndOfARun_BeginsAtTheBestThenElsewhere()
    {
        var tuner = Tuner(Fixtures.Cube(2), new() { InitialTrials = 2, RunLength = 10 });
        var told = tuner.DriveTagged(configuration => Fixtures.Reals(configuration).Sum(), 12);
        Assert.AreEqual(1, tuner.Restarts);
        Assert.AreEqual(told.Min(trial => trial.Loss), tuner.Point!.Standing.Loss);
        for (var number = 12; number < 22; number++) tuner.Tell(tuner.AskTrial(number).Ended(9));
        Assert.AreEqual(2, tuner.Restarts);
        Assert.IsNull(tuner.Point);
    }

    [TestMethod]
    public void UseAnnealing_OptionsOutOfTheirRanges_AreSaidAtOnce()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("s").UseAnnealing(new() { FinalTemperature = 0.5, RunLength = 1 }));
        StringAssert.StartsWith(error.Message, "AnnealingOptions.FinalTemperature is 0.5; it must be above 0 and below the initial temperature. AnnealingOptions.RunLength is 1; it must be at least 2, or null for the rule.");
    }

    private static AnnealingTuner Tuner(SearchSpace space, AnnealingOptions options) => new(space, options, new RandomSource(0).Fork("tuner"), 100);
}
