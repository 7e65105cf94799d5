using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class InputWarpTests
{
    private static readonly SearchSpace Space = Fixtures.MixedSpace();
    private static readonly SpaceLayout Layout = new(Space);

    [TestMethod]
    public void Value_OfTheWholeRange_RisesFromZeroToOne()
    {
        foreach (var (a, b) in new[] { (0.0, 0.0), (1.2, -1.2), (-1.2, 1.2), (1.2, 1.2), (-1.2, -1.2) })
        {
            Assert.AreEqual(0, InputWarp.Value(0, a, b));
            Assert.AreEqual(1, InputWarp.Value(1, a, b));
            for (var i = 1; i <= 1000; i++) Assert.IsTrue(InputWarp.Value(i / 1000.0, a, b) > InputWarp.Value((i - 1) / 1000.0, a, b));
            Assert.AreEqual(0.3, InputWarp.Value(0.3, 0, 0), 1e-15);
            Assert.IsTrue(double.IsFinite(InputWarp.Slope(0, a, b)) && double.IsFinite(InputWarp.Slope(1, a, b)));
        }
    }

    [TestMethod]
    public void WithDerivatives_AtAnyPoint_AreThoseOfFiniteDifferences()
    {
        const double Step = 1e-6;
        foreach (var x in new[] { 1e-3, 0.2, 0.5, 0.97 })
        {
            foreach (var (a, b) in new[] { (0.0, 0.0), (0.8, -0.5), (-0.6, 0.9) })
            {
                var (value, byA, byB) = InputWarp.WithDerivatives(x, a, b);
                Assert.AreEqual(InputWarp.Value(x, a, b), value, 1e-15);
                Assert.AreEqual((InputWarp.Value(x, a + Step, b) - InputWarp.Value(x, a - Step, b)) / (2 * Step), byA, 1e-8);
                Assert.AreEqual((InputWarp.Value(x, a, b + Step) - InputWarp.Value(x, a, b - Step)) / (2 * Step), byB, 1e-8);
                Assert.AreEqual((InputWarp.Value(x + Step, a, b) - InputWarp.Value(x - Step, a, b)) / (2 * Step), InputWarp.Slope(x, a, b), 1e-4);
            }
        }

        Assert.AreEqual((0.0, 0.0, 0.0), InputWarp.WithDerivatives(0, -1, -1));
        Assert.AreEqual((1.0, 0.0, 0.0), InputWarp.WithDerivatives(1, -1, -1));
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(30)]
    public void Likelihood_OfBentColumns_HasTheGradientOfFiniteDifferences(int count)
    {
        var observations = Fixtures.Observations(Layout, Space, count);
        var set = new TrainingSet(Layout, observations, [.. observations.Select(observation => observation.Loss)]);
        var likelihood = new SurrogateLikelihood(set, SurrogatePrior.For(4), bends: true);
        Assert.AreEqual(Layout.Weights + 3 + 2 * InputWarp.Columns(Layout).Length, likelihood.Size);
        var random = new RandomSource(3);
        var point = new double[likelihood.Size];
        for (var i = 0; i < point.Length; i++) point[i] = i < Layout.Weights + 2 ? -1 + random.NextGaussian() : 0.4 * random.NextGaussian();
        point[Layout.Weights + 1] = -2;
        double[] gradient = new double[point.Length], ignored = new double[point.Length];
        likelihood.Evaluate(point, gradient);
        for (var i = 0; i < point.Length; i++)
        {
            double[] up = [.. point], down = [.. point];
            up[i] += 1e-5;
            down[i] -= 1e-5;
            var difference = (likelihood.Evaluate(up, ignored) - likelihood.Evaluate(down, ignored)) / 2e-5;
            Assert.AreEqual(difference, gradient[i], 1e-5 * Math.Max(1, Math.Abs(difference)), $"coordinate {i}");
        }
    }

    [TestMethod]
    public void Acquisition_OfBentColumns_HasTheGradientOfFiniteDifferences()
    {
        var observations = Fixtures.Observations(Layout, Space, 20);
        var set = new TrainingSet(Layout, observations, [.. observations.Select(observation => observation.Loss)]);
        double[] warps = [.. InputWarp.Columns(Layout).SelectMany(_ => new[] { 0.5, -0.4 })];
        var surrogate = Surrogate.Of(set, SurrogatePrior.For(4).Mode(Layout.Weights) with { LogWarps = warps }, []);
        var acquisition = new Acquisition(Space, Layout, surrogate, [new ExpectedImprovement(surrogate, set.Targets.Min())]);
        foreach (var point in Fixtures.Observations(Layout, Space, 20, seed: 5))
        {
            // Not at the ends, where slopes are cut.
            int[] coordinates = [.. Enumerable.Range(0, Layout.Count).Where(j => point.Active[j] && InputWarp.Columns(Layout).Contains(Layout[j].Column)
                && (point.Unit[j] - Layout[j].First) / Layout[j].Span is > 0.01 and < 0.99)];
            double[] gradient = new double[coordinates.Length], ignored = new double[coordinates.Length];
            acquisition.Evaluate(point.Unit, point.Active, coordinates, gradient);
            for (var i = 0; i < coordinates.Length; i++)
            {
                double[] up = [.. point.Unit], down = [.. point.Unit];
                up[coordinates[i]] += 1e-6;
                down[coordinates[i]] -= 1e-6;
                var difference = (acquisition.Evaluate(up, point.Active, coordinates, ignored) - acquisition.Evaluate(down, point.Active, coordinates, ignored)) / 2e-6;
                Assert.AreEqual(difference, gradient[i], 1e-4 * Math.Max(1, Math.Abs(difference)));
            }
        }
    }

    // A rate on a linear range from 0.0001 to 1 whose logarithm matters: medians over five seeds.
    [TestMethod]
    public void Ask_WhereALogScaleWasForgotten_GetsCloserWithWarpedInputs()
    {
        var space = Fixtures.Cube(3);
        static double Loss(Configuration configuration)
        {
            var logs = Fixtures.Reals(configuration).Select(x => Math.Log10(1e-4 + 0.9999 * x)).ToArray();
            return Math.Pow(logs[0] + 2, 2) + 0.5 * Math.Pow(logs[1] + 3, 2) + Math.Pow(logs[2] + 0.5, 2);
        }

        double Reach(bool warps) => Enumerable.Range(0, 5).Select(seed => Fixtures.Tuner(space, seed, new GaussianProcessOptions { WarpInputs = warps })
            .Drive(Loss, 60, seed).Min(trial => trial.Loss!.Value)).Order().ElementAt(2);
        double with = Reach(true), without = Reach(false);
        Assert.IsTrue(with < 0.5 * without, $"{with} with, {without} without");
    }
}
