using AutoTune.Tuners.GaussianProcess;
using MathNet.Numerics.LinearAlgebra;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class SurrogateTests
{
    private static readonly SearchSpace Space = Fixtures.MixedSpace();
    private static readonly SpaceLayout Layout = new(Space);

    [TestMethod]
    [DataRow(5)]
    [DataRow(30)]
    [DataRow(70)]
    public void Likelihood_OfAMixedConditionalSpace_HasTheGradientOfFiniteDifferences(int count)
    {
        var likelihood = new SurrogateLikelihood(Set(count), SurrogatePrior.For(4));
        var random = new RandomSource(3);
        var point = new double[likelihood.Size];
        for (var i = 0; i < point.Length; i++) point[i] = -1 + random.NextGaussian();
        point[^2] = -2;
        double[] gradient = new double[point.Length], ignored = new double[point.Length];
        likelihood.Evaluate(point, gradient);
        for (var i = 0; i < point.Length; i++)
        {
            const double Step = 1e-5;
            var up = (double[])point.Clone();
            var down = (double[])point.Clone();
            up[i] += Step;
            down[i] -= Step;
            var difference = (likelihood.Evaluate(up, ignored) - likelihood.Evaluate(down, ignored)) / (2 * Step);
            Assert.AreEqual(difference, gradient[i], 1e-5 * Math.Max(1, Math.Abs(difference)), $"coordinate {i}");
        }
    }

    [TestMethod]
    public void Predict_AgainstDenseAlgebra_GivesMeanAndVariance()
    {
        var set = Set(23);
        var surrogate = Surrogate.Of(set, Settings(), []);
        var points = Fixtures.Observations(Layout, Space, 6, seed: 99);
        var all = new TrainingSet(Layout, [.. Fixtures.Observations(Layout, Space, 23), .. points], new double[29]);
        var kernel = Kernel(all);
        var known = kernel.SubMatrix(0, 23, 0, 23) + Matrix<double>.Build.DenseIdentity(23) * Math.Exp(Settings().LogNoise);
        var y = Vector<double>.Build.Dense(set.Targets);
        double[] features = [.. Enumerable.Range(0, 6).SelectMany(i => Enumerable.Range(0, Layout.Columns).Select(c => all.Column(c)[23 + i]))];
        double[] means = new double[6], variances = new double[6];
        surrogate.Predict(features, means, variances);
        for (var i = 0; i < 6; i++)
        {
            var k = kernel.Row(23 + i, 0, 23);
            Assert.AreEqual(k * known.Solve(y), means[i], 1e-10);
            Assert.AreEqual(kernel[23 + i, 23 + i] - k * known.Solve(k), variances[i], 1e-10);
        }
    }

    [TestMethod]
    public void LogImprovement_AtRandomPoints_HasTheGradientOfFiniteDifferences()
    {
        var set = Set(20);
        var surrogate = Surrogate.Of(set, Settings(), []);
        var acquisition = new Acquisition(Space, Layout, surrogate, [new ExpectedImprovement(surrogate, set.Targets.Min())]);
        foreach (var point in Fixtures.Observations(Layout, Space, 20, seed: 5))
        {
            int[] coordinates = [.. Enumerable.Range(0, Layout.Count).Where(j => point.Active[j] && Layout[j].Column >= 0 && Layout[j].Encoded.IsOrdered)];
            double[] gradient = new double[coordinates.Length], ignored = new double[coordinates.Length];
            acquisition.Evaluate(point.Unit, point.Active, coordinates, gradient);
            for (var i = 0; i < coordinates.Length; i++)
            {
                const double Step = 1e-6;
                double[] up = [.. point.Unit], down = [.. point.Unit];
                up[coordinates[i]] += Step;
                down[coordinates[i]] -= Step;
                var difference = (acquisition.Evaluate(up, point.Active, coordinates, ignored) - acquisition.Evaluate(down, point.Active, coordinates, ignored)) / (2 * Step);
                Assert.AreEqual(difference, gradient[i], 1e-4 * Math.Max(1, Math.Abs(difference)), Layout[coordinates[i]].Encoded.Hyperparameter.Name);
            }
        }
    }

    [TestMethod]
    public void Kernel_OfAConditionalSpace_IsPositiveSemidefinite()
    {
        var set = new TrainingSet(Layout, Fixtures.Observations(Layout, Space, 120), new double[120]);
        var eigenvalues = Kernel(set).Evd(Symmetricity.Symmetric).EigenValues;
        Assert.IsTrue(eigenvalues.Min(value => value.Real) > -1e-10, $"the least eigenvalue is {eigenvalues.Min(value => value.Real)}");
    }

    [TestMethod]
    public void Features_OfAnAbsentHyperparameter_AreOneApartFromAllItsValues()
    {
        var random = new RandomSource(1);
        var arc = Enumerable.Range(0, Layout.Count).First(j => Layout[j].IsArc);
        double[] present = new double[Layout.Columns], absent = new double[Layout.Columns];
        var point = Fixtures.Observations(Layout, Space, 50).First(observation => observation.Active[arc]);
        bool[] without = [.. point.Active];
        without[arc] = false;
        for (var i = 0; i < 20; i++)
        {
            point.Unit[arc] = random.NextDouble();
            Layout.Features(point.Unit, point.Active, present);
            Layout.Features(point.Unit, without, absent);
            var column = Layout[arc].Column;
            var square = Math.Pow(present[column] - absent[column], 2) + Math.Pow(present[column + 1] - absent[column + 1], 2);
            Assert.AreEqual(1, square, 1e-12);
        }
    }

    [TestMethod]
    public void Pending_Trials_LowerTheVarianceAndLeaveTheMean()
    {
        var set = Set(20);
        var pending = Fixtures.Observations(Layout, Space, 3, seed: 12);
        var features = new double[Layout.Columns];
        Layout.Features(pending[1].Unit, pending[1].Active, features);
        double[] mean = [0], variance = [0], meanWith = [0], varianceWith = [0];
        Surrogate.Of(set, Settings(), []).Predict(features, mean, variance);
        Surrogate.Of(set, Settings(), pending).Predict(features, meanWith, varianceWith);
        Assert.AreEqual(mean[0], meanWith[0], 1e-12);
        Assert.IsTrue(varianceWith[0] < 0.2 * variance[0], $"{varianceWith[0]} against {variance[0]}");
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(23)]
    public void LeftOutMeans_AgainstModelsWithoutTheTrial_AreTheirMeans(int count)
    {
        var observations = Fixtures.Observations(Layout, Space, count);
        var leftOut = Surrogate.Of(Set(count), Settings(), []).LeftOutMeans();
        for (var i = 0; i < count; i++)
        {
            Observation[] others = [.. observations.Where((_, other) => other != i)];
            var set = new TrainingSet(Layout, others, [.. others.Select(observation => observation.Loss)]);
            var features = new double[Layout.Columns];
            Layout.Features(observations[i].Unit, observations[i].Active, features);
            double[] mean = [0], variance = [0];
            Surrogate.Of(set, Settings(), []).Predict(features, mean, variance);
            Assert.AreEqual(mean[0], leftOut[i], 1e-10);
        }
    }

    [TestMethod]
    public void Of_EqualPointsWithHardlyAnyNoise_AddsNoiseInsteadOfFailing()
    {
        var one = Fixtures.Observations(Layout, Space, 1)[0];
        var set = new TrainingSet(Layout, [.. Enumerable.Repeat(one, 40)], new double[40]);
        var settings = Settings();
        settings.LogValues[^1] = -60;
        var surrogate = Surrogate.Of(set, settings, []);
        Assert.IsTrue(surrogate.NoiseAt(0) > Math.Exp(-60));
    }

    private static KernelSettings Settings()
    {
        var values = new double[Layout.Weights + 2];
        for (var i = 0; i < values.Length; i++) values[i] = 0.3 * i - 1;
        values[^2] = 0.5;
        values[^1] = -4;
        return new KernelSettings(values) { Parts = 0.4 };
    }

    private static TrainingSet Set(int count)
    {
        var observations = Fixtures.Observations(Layout, Space, count);
        return new TrainingSet(Layout, observations, [.. observations.Select(observation => observation.Loss)]);
    }

    private static Matrix<double> Kernel(TrainingSet set)
    {
        var settings = Settings();
        return Matrix<double>.Build.Dense(set.Count, set.Count, (i, j) =>
        {
            var own = new double[Layout.Weights];
            for (var c = 0; c < Layout.Columns; c++)
            {
                var difference = set.Column(c)[i] - set.Column(c)[j];
                own[Layout.WeightOf[c]] += Math.Exp(settings.LogValues[Layout.WeightOf[c]]) * (Layout.IsLabel[c] ? (difference == 0 ? 0 : 1) : difference * difference);
            }

            var a = Math.Sqrt(5 * own.Sum());
            return Math.Exp(settings.LogSignal) * (0.6 * (1 + a + a * a / 3) * Math.Exp(-a) + 0.4 * own.Average(q => Math.Pow(1 + q / 4, -2)));
        });
    }
}
