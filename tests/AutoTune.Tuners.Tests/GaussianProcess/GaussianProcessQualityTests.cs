using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.GaussianProcess;

/// <summary>Better than random search by this much, with fixed seeds: the median over five of the best loss after forty trials.</summary>
[TestClass]
public sealed class GaussianProcessQualityTests
{
    private const int Trials = 40;

    [TestMethod]
    public void Branin_AfterFortyTrials_IsAHundredTimesCloserThanRandom()
        => Demand(Plane(), configuration => Branin(Fixtures.Reals(configuration)) - 0.39788735772973816, 100);

    [TestMethod]
    public void Hartmann6_AfterFortyTrials_IsTenTimesCloserThanRandom()
        => Demand(Fixtures.Cube(6), configuration => Hartmann6(Fixtures.Reals(configuration)) + 3.32236801141551, 10);

    [TestMethod]
    public void MixedConditionalSpace_AfterFortyTrials_IsFiveTimesCloserThanRandom()
        => Demand(Fixtures.MixedSpace(), GaussianProcessTunerTests.MixedLoss, 5);

    private static void Demand(SearchSpace space, Func<Configuration, double> regret, double times)
    {
        var mine = Median(seed => Fixtures.Tuner(space, seed).Drive(regret, Trials, seed).Min(trial => trial.Loss!.Value));
        var random = Median(seed =>
        {
            var source = new RandomSource(seed);
            return Enumerable.Range(0, Trials).Min(_ => regret(space.Sample(source)));
        });
        Assert.IsTrue(mine * times < random, $"{mine} against {random} at random");
    }

    private static double Median(Func<long, double> best) => Enumerable.Range(0, 5).Select(seed => best(seed)).Order().ElementAt(2);

    private static SearchSpace Plane()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddReal("x0", -5, 10);
        builder.AddReal("x1", 0, 15);
        return builder.Build();
    }

    // Surjanovic and Bingham, Virtual Library of Simulation Experiments.
    private static double Branin(double[] x)
        => Math.Pow(x[1] - 5.1 / (4 * Math.PI * Math.PI) * x[0] * x[0] + 5 / Math.PI * x[0] - 6, 2) + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(x[0]) + 10;

    private static double Hartmann6(double[] x)
    {
        double[] alpha = [1, 1.2, 3, 3.2];
        double[][] a = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];
        double[][] p = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991], [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]];
        return -Enumerable.Range(0, 4).Sum(i => alpha[i] * Math.Exp(-Enumerable.Range(0, 6).Sum(j => a[i][j] * Math.Pow(x[j] - 1e-4 * p[i][j], 2))));
    }
}
