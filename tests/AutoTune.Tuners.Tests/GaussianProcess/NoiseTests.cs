using AutoTune.Testing;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class NoiseTests
{
    private static readonly SearchSpace Space = Fixtures.Cube(2);
    private static readonly SpaceLayout Layout = new(Space);
    private static readonly double Least = Math.Exp(SurrogatePrior.LowestNoise);

    [TestMethod]
    public void Variances_OfLossesInProportion_AreTheSquareOfTheScaledDeviation()
    {
        var observations = Of(1, 2, 5, 3, 3);
        double[] targets = [-1, 1, 7, 3, 3]; // 2 loss - 3
        foreach (var variance in LossNoise.Variances(observations, targets, 0.1)) Assert.AreEqual(0.04, variance, 1e-12);
    }

    [TestMethod]
    public void Variances_WhereTheWarpSqueezesLosses_AreSmaller()
    {
        var variances = LossNoise.Variances(Of(0, 1, 1000, double.NaN), [0, 1, 2, 2.5], 0.1);
        Assert.AreEqual(0.01, variances[0], 1e-12);
        Assert.IsTrue(variances[1] < variances[0]);
        Assert.IsTrue(variances[2] < 1e-5);
        Assert.AreEqual(Least, variances[3], 1e-15);
    }

    [TestMethod]
    public void Variances_OfExtremeLosses_StayBetweenTheLeastAndOne()
    {
        foreach (var deviation in new[] { 0, 1e-300, 1, 1e300 })
        {
            foreach (var losses in new[] { new[] { -1e300, 0, 1e300 }, [1e-300, 2e-300, 3e-300], [4, 4, 4] })
            {
                foreach (var variance in LossNoise.Variances(Of(losses), LossWarp.Targets(Of(losses), LossView.Wide), deviation))
                    Assert.IsTrue(variance >= Least && variance <= 1, $"{variance}");
            }
        }
    }

    [TestMethod]
    public void Likelihood_WithGivenNoise_HasTheGradientOfFiniteDifferences()
    {
        var observations = Fixtures.Observations(Layout, Space, 17);
        var random = new RandomSource(4);
        var set = new TrainingSet(Layout, observations, [.. observations.Select(observation => observation.Loss)], [.. observations.Select(_ => 0.1 + random.NextDouble())]);
        var likelihood = new SurrogateLikelihood(set, SurrogatePrior.For(2));
        double[] point = [0.3, 1, 0.2, -3, 0.5], gradient = new double[5], ignored = new double[5];
        likelihood.Evaluate(point, gradient);
        for (var i = 0; i < point.Length; i++)
        {
            double[] up = [.. point], down = [.. point];
            up[i] += 1e-5;
            down[i] -= 1e-5;
            Assert.AreEqual((likelihood.Evaluate(up, ignored) - likelihood.Evaluate(down, ignored)) / 2e-5, gradient[i], 1e-6);
        }
    }

    [TestMethod]
    public void MeanAt_WithGivenNoise_FollowsTheExactTrialsAndSmoothsTheNoisyOnes()
    {
        var observations = Fixtures.Observations(Layout, Space, 10);
        double[] targets = [.. observations.Select(observation => observation.Loss)];
        var surrogate = Surrogate.Of(new TrainingSet(Layout, observations, targets, [.. Enumerable.Range(0, 10).Select(i => i < 5 ? 1e-6 : 100)]),
            SurrogatePrior.For(2).Mode(2), []);
        for (var i = 0; i < 5; i++) Assert.AreEqual(targets[i], surrogate.MeanAt(i), 1e-3);
        var exact = Surrogate.Of(new TrainingSet(Layout, observations[..5], targets[..5], [1e-6, 1e-6, 1e-6, 1e-6, 1e-6]), SurrogatePrior.For(2).Mode(2), []);
        var features = new double[Layout.Columns];
        for (var i = 5; i < 10; i++)
        {
            Layout.Features(observations[i].Unit, observations[i].Active, features);
            Assert.AreEqual(exact.At(features).Mean, surrogate.MeanAt(i), 0.05); // as if the noisy ones were not there
        }
    }

    // How close the search came, seen without the noise; medians over seven seeds.
    [TestMethod]
    public void Ask_OfANoisyLoss_FindsBetterThanRandomWhetherNoiseIsLearntOrGiven()
    {
        const double Deviation = 5; // Branin's losses at random points have a median of 35
        var random = Median(seed => Drive(new Sampling(TestProblems.Branin.Space), seed, Deviation));
        foreach (var noise in new[] { NoiseLevel.Learnt, NoiseLevel.Of(Deviation) })
        {
            var mine = Median(seed => Drive(Fixtures.Tuner(TestProblems.Branin.Space, seed, new GaussianProcessOptions { Noise = noise }), seed, Deviation));
            Assert.IsTrue(mine * 2 < random, $"{mine} with {noise}, {random} at random");
        }
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void Of_WhatIsNoDeviation_SaysSo(double deviation)
        => StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NoiseLevel.Of(deviation)).Message, "it must be finite and at least 0");

    private static double Median(Func<int, double> regret) => Enumerable.Range(0, 7).Select(regret).Order().ElementAt(3);

    private static double Drive(ITuner tuner, int seed, double deviation)
    {
        var noise = new RandomSource(seed).Fork("noise");
        var told = tuner.Drive(configuration => TestProblems.Branin.Evaluate(configuration) + deviation * noise.NextGaussian(), 40, seed);
        return told.Min(trial => TestProblems.Branin.Regret(trial.Configuration));
    }

    private sealed class Sampling(SearchSpace space) : ITuner
    {
        public Proposal Ask(AskRequest request) => new Proposal.Evaluate(space.Sample(request.Random));

        public void Tell(Trial trial) { }
    }

    private static Observation[] Of(params double[] losses)
    {
        var configuration = Space.Sample(new RandomSource(0));
        return [.. losses.Select(loss => Observation.Of(double.IsNaN(loss) ? Fixtures.Failed(0, configuration) : Fixtures.Completed(0, configuration, loss), Layout))];
    }
}
