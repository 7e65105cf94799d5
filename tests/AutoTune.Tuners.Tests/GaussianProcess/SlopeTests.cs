using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Tests.GradientDescent;

namespace AutoTune.Tuners.Tests.GaussianProcess;

/// <summary>What a surrogate learns from derivatives.</summary>
[TestClass]
public sealed class SlopeTests
{
    private static readonly SearchSpace Space = Fixtures.MixedSpace();
    private static readonly SpaceLayout Layout = new(Space);

    [TestMethod]
    public void Evaluate_WithDerivatives_HasTheGradientOfFiniteDifferences()
    {
        var likelihood = new SlopedLikelihood(Set(14), SurrogatePrior.For(4));
        var random = new RandomSource(3);
        var values = new double[likelihood.Size];
        for (var i = 0; i < values.Length; i++) values[i] = 0.5 * random.NextGaussian();
        (values[^2], values[^1]) = (-3, -2);
        var (gradient, unused) = (new double[values.Length], new double[values.Length]);
        Assert.IsTrue(double.IsFinite(likelihood.Evaluate(values, gradient)));
        for (var i = 0; i < values.Length; i++)
        {
            const double Step = 1e-5;
            double[] above = [.. values], below = [.. values];
            above[i] += Step;
            below[i] -= Step;
            var slope = (likelihood.Evaluate(above, unused) - likelihood.Evaluate(below, unused)) / (2 * Step);
            Assert.AreEqual(slope, gradient[i], 1e-5 * (1 + Math.Abs(slope)), $"logarithm {i}");
        }
    }

    [TestMethod]
    public void Surrogate_WithDerivatives_HasThemAsTheSlopesOfItsMean()
    {
        var set = Set(14);
        var surrogate = Surrogate.Of(set, Settings(), []);
        var features = new double[Layout.Columns];
        Assert.IsGreaterThan(10, set.Slopes!.Rows.Length);
        Assert.IsTrue(set.Slopes.Rows.Any(row => row.Direction.Second >= 0)); // of a hyperparameter that can be absent, too
        foreach (var row in set.Slopes.Rows)
        {
            for (var c = 0; c < features.Length; c++) features[c] = set.Column(c)[row.Trial];
            surrogate.At(features);
            var gradient = new double[features.Length];
            surrogate.AddGradient(1, 0, gradient);
            var slope = gradient[row.Direction.First] * row.Direction.Factor + (row.Direction.Second < 0 ? 0 : gradient[row.Direction.Second] * row.Direction.SecondFactor);
            Assert.AreEqual(row.Target, slope, 1e-3 * (1 + Math.Abs(row.Target)));
        }
    }

    [TestMethod]
    public void AddGradient_WithDerivatives_IsThatOfFiniteDifferences()
    {
        var surrogate = Surrogate.Of(Set(14), Settings(), [.. Fixtures.Observations(Layout, Space, 2, seed: 11)]);
        foreach (var point in Fixtures.Observations(Layout, Space, 6, seed: 9))
        {
            var features = new double[Layout.Columns];
            Layout.Features(point.Unit, point.Active, features);
            var (mean, variance) = surrogate.At(features);
            var gradient = new double[features.Length];
            surrogate.AddGradient(0.7, -1.3, gradient);
            double[] one = [0], other = [0], varianceOne = [0], varianceOther = [0];
            surrogate.Predict(features, one, varianceOne);
            Assert.AreEqual(mean, one[0], 1e-9);
            Assert.AreEqual(variance, varianceOne[0], 1e-9);
            for (var c = 0; c < features.Length; c++)
            {
                if (Layout.IsLabel[c]) continue;
                const double Step = 1e-5;
                double[] above = [.. features], below = [.. features];
                above[c] += Step;
                below[c] -= Step;
                surrogate.Predict(above, one, varianceOne);
                surrogate.Predict(below, other, varianceOther);
                var slope = (0.7 * (one[0] - other[0]) - 1.3 * (varianceOne[0] - varianceOther[0])) / (2 * Step);
                Assert.AreEqual(slope, gradient[c], 1e-4 * (1 + Math.Abs(slope)), $"column {c}");
            }
        }
    }

    [TestMethod]
    public void LeftOutMeans_WithDerivatives_AreThoseWithoutTheTrialAndItsDerivatives()
    {
        var observations = Observations(12);
        var leftOut = Surrogate.Of(Set(observations), Settings(), []).LeftOutMeans();
        for (var i = 0; i < observations.Length; i++)
        {
            Observation[] others = [.. observations[..i], .. observations[(i + 1)..]];
            var features = new double[Layout.Columns];
            Layout.Features(observations[i].Unit, observations[i].Active, features);
            double[] mean = [0], variance = [0];
            Surrogate.Of(Set(others), Settings(), []).Predict(features, mean, variance);
            Assert.AreEqual(mean[0], leftOut[i], 1e-6);
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Targets_OfBothViews_HaveTheSteepnessOfFiniteDifferences(int view)
    {
        double[] losses = [0.5, 3, 1, 2.5, 4, 0.7, 60, 5];
        var steepness = new double[losses.Length];
        LossWarp.Targets([.. losses.Select(Of)], (LossView)view, steepness);
        for (var i = 1; i < losses.Length; i++)
        {
            if (losses[i] is 0.5 or 2.5 or 5) continue; // the best, the median and the ninth decile make the warp
            if (view == (int)LossView.Near && losses[i] > 2.5)
            {
                Assert.IsTrue(double.IsNaN(steepness[i]));
                continue;
            }

            // Of the warp alone: what it is made standard by moves with all targets, so differences between trials are compared.
            double[] Moved(double by) => LossWarp.Targets([.. losses.Select((loss, k) => Of(k == i ? loss + by : loss))], (LossView)view);
            double[] above = Moved(1e-6), below = Moved(-1e-6), here = Moved(0);
            double Between(double[] targets) => (targets[i] - targets[0]) / (targets[5 == i ? 2 : 5] - targets[0]) * (here[5 == i ? 2 : 5] - here[0]);
            Assert.AreEqual((Between(above) - Between(below)) / 2e-6, steepness[i], 1e-4, $"loss {losses[i]}");
        }

        Observation Of(double loss) => Observation.Of(Fixtures.Completed(0, Space.Default, loss), Layout);
    }

    [TestMethod]
    public void Slopes_BeyondTheLimit_AreThoseOfTheBestTrialsWhole()
    {
        var space = Fixtures.Cube(4);
        var layout = new SpaceLayout(space);
        var random = new RandomSource(1);
        Observation[] observations = [.. Enumerable.Range(0, 10).Select(number => Observation.Of(GradientFixtures.Completed(number, space.Sample(random), GradientFixtures.Ellipsoid), layout))];
        double[] losses = [.. observations.Select(observation => observation.Loss)], steepness = [.. losses.Select(_ => 2.0)];
        var slopes = SlopeRows.Of(layout, observations, losses, steepness, 11)!;
        var best = losses.Select((loss, i) => (loss, i)).Order().Take(2).Select(pair => pair.i).Order();
        Assert.AreSequenceEqual(best, slopes.Rows.Select(row => row.Trial).Distinct());
        Assert.HasCount(8, slopes.Rows);
        Assert.AreEqual(2 * observations[slopes.Rows[0].Trial].Gradient[0], slopes.Rows[0].Target);
    }

    // Derivatives of another function, of random sign: the model learns to disregard them.
    [TestMethod]
    public void Fit_WhereDerivativesAreNonsense_DisregardsThem()
    {
        var space = Fixtures.Cube(3);
        var layout = new SpaceLayout(space);
        Assert.IsLessThan(-3, NoiseOf(isNonsense: false));
        Assert.IsGreaterThan(0, NoiseOf(isNonsense: true));

        double NoiseOf(bool isNonsense)
        {
            var random = new RandomSource(5);
            Observation[] observations = [.. Enumerable.Range(0, 25).Select(number => Observation.Of(GradientFixtures.Completed(number, space.Sample(random), x =>
            {
                var loss = x.Sum(v => Math.Sin(3 * v));
                return (loss, [.. x.Select(v => isNonsense ? 20 * random.NextGaussian() : 3 * Math.Cos(3 * v))]);
            }), layout))];
            double[] losses = [.. observations.Select(observation => observation.Loss)];
            var set = new TrainingSet(layout, observations, losses, slopes: SlopeRows.Of(layout, observations, losses, [.. losses.Select(_ => 1.0)], 100));
            return SurrogateFit.Find(set, SurrogatePrior.For(3), previous: null).LogSlopeNoise;
        }
    }

    [TestMethod]
    public void Drive_InFifteenDimensions_WithDerivativesBeatsWithout()
    {
        var space = Fixtures.Cube(15);
        var (with, without) = (new List<double>(), new List<double>());
        foreach (var seed in Enumerable.Range(0, 3))
        {
            with.Add(GradientFixtures.Run(Fixtures.Tuner(space, seed), GradientFixtures.Ellipsoid, 22, seed).Min(trial => trial.Loss!.Value));
            without.Add(Fixtures.Tuner(space, seed).Drive(configuration => GradientFixtures.Ellipsoid(Fixtures.Reals(configuration)).Loss, 22, seed).Min(trial => trial.Loss!.Value));
        }

        Assert.IsLessThan(0.2 * without.Order().ElementAt(1), with.Order().ElementAt(1), $"{string.Join(' ', with)} against {string.Join(' ', without)}");
    }

    private static KernelSettings Settings()
    {
        var values = new double[Layout.Weights + 2];
        for (var w = 0; w < Layout.Weights; w++) values[w] = 0.5 - 0.1 * w;
        values[^1] = -11;
        return new KernelSettings(values) { LogSlopeNoise = -13 };
    }

    private static TrainingSet Set(int count) => Set(Observations(count));

    private static TrainingSet Set(Observation[] observations)
    {
        double[] losses = [.. observations.Select(observation => observation.Loss)];
        return new TrainingSet(Layout, observations, losses, slopes: SlopeRows.Of(Layout, observations, losses, [.. losses.Select(_ => 1.0)], 1000));
    }

    private static Observation[] Observations(int count)
    {
        var random = new RandomSource(7);
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            var configuration = Space.Sample(random);
            var values = new TrialValues(0);
            foreach (var (hyperparameter, value) in configuration.Values)
            {
                if (hyperparameter.Domain is RealDomain && hyperparameter.Name != "fixed") values = values.WithGradient(hyperparameter, hyperparameter.Name == "cost" ? 0.3 * random.NextGaussian() / (double)value : random.NextGaussian());
            }

            var trial = Fixtures.Completed(number, configuration, random.NextGaussian());
            return Observation.Of(trial with { Outcome = (TrialOutcome.Completed)trial.Outcome! with { Gradient = values.Gradient } }, Layout);
        })];
    }
}
