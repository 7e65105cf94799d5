using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Portfolio;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class LeftOutTests
{
    private static readonly SearchSpace Space = Fixtures.Cube(2);

    [TestMethod]
    public void PredictLeftOut_WhileThereIsNoModel_IsEmpty()
    {
        var tuner = Fixtures.Tuner(Space);
        Assert.IsEmpty(((ILeftOutPredictor)tuner).PredictLeftOut());
        for (var number = 0; number < 12; number++) tuner.Tell(Fixtures.Failed(number, Space.Sample(new RandomSource(number))));
        Assert.IsEmpty(((ILeftOutPredictor)tuner).PredictLeftOut());
    }

    [TestMethod]
    [DataRow(500)]
    [DataRow(30)]
    public void PredictLeftOut_OfASmoothLoss_PutsTheTrialsInTheirOrder(int maxModelTrials)
    {
        var tuner = Fixtures.Tuner(Space, options: new GaussianProcessOptions { MaxModelTrials = maxModelTrials });
        var random = new RandomSource(3);
        var losses = new List<double>();
        for (var number = 0; number < 60; number++)
        {
            var configuration = Space.Sample(random);
            losses.Add(Fixtures.Reals(configuration).Sum(x => (x - 0.3) * (x - 0.3)));
            tuner.Tell(Fixtures.Completed(number, configuration, losses[^1]));
        }

        var predicted = ((ILeftOutPredictor)tuner).PredictLeftOut();
        Assert.HasCount(60, predicted);
        var pairs = 0;
        for (var i = 0; i < 60; i++)
        {
            for (var j = 0; j < i; j++) pairs += (losses[i] < losses[j]) == (predicted[i] < predicted[j]) ? 1 : 0;
        }

        Assert.IsTrue(pairs > 0.95 * 60 * 59 / 2, $"{pairs} pairs of 1770 in order");
    }

    [TestMethod]
    public void PredictLeftOut_BetweenAsks_ChangesNothing()
    {
        var quiet = Fixtures.Tuner(Fixtures.MixedSpace()).Drive(GaussianProcessTunerTests.MixedLoss, 20);
        var tuner = Fixtures.Tuner(Fixtures.MixedSpace());
        foreach (var expected in quiet)
        {
            var configuration = tuner.Ask(expected.Id.Number);
            Assert.AreEqual(expected.Configuration.ToString(), configuration.ToString());
            ((ILeftOutPredictor)tuner).PredictLeftOut();
            tuner.Tell(Fixtures.Completed(expected.Id.Number, configuration, expected.Loss!.Value));
        }
    }
}
