using System.Collections.Immutable;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.GaussianProcess;

/// <summary>Trials that did not reach the last step.</summary>
[TestClass]
public sealed class PartialTrialTests
{
    private static readonly SearchSpace Space = Fixtures.Cube(2);
    private static readonly SpaceLayout Layout = new(Space);

    [TestMethod]
    public void Surrogate_DriftingTrials_HasTheCovarianceOfItsFormula()
    {
        var observations = Fixtures.Observations(Layout, Space, 12);
        double[] drifts = [.. Enumerable.Range(0, 12).Select(i => i % 3 * 0.4)];
        double[] targets = [.. observations.Select(observation => observation.Loss)];
        var settings = SurrogatePrior.For(2).Mode(Layout.Weights) with { Parts = 0 };
        double[] noise = [.. Enumerable.Repeat(1e-3, 12)];
        var surrogate = Surrogate.Of(new TrainingSet(Layout, observations, targets, noise, drifts), settings, []);

        // The same by hand: k(x, x') (1 + min(u, u')) for known trials, k(x, x') for what is predicted, by elimination.
        var plain = new TrainingSet(Layout, observations, targets, noise);
        var kernel = new double[12, 12];
        var signal = Math.Exp(settings.LogSignal);
        for (var i = 0; i < 12; i++)
        {
            for (var j = 0; j < 12; j++)
            {
                var q = 0.0;
                for (var c = 0; c < Layout.Columns; c++) q += Math.Exp(settings.LogValues[Layout.WeightOf[c]]) * Math.Pow(plain.Column(c)[i] - plain.Column(c)[j], 2);
                var a = Math.Sqrt(5 * q);
                kernel[i, j] = signal * (1 + a + a * a / 3) * Math.Exp(-a);
            }
        }

        var k = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(12, 12, (i, j) => kernel[i, j] * (1 + Math.Min(drifts[i], drifts[j])) + (i == j ? noise[i] : 0));
        var alpha = k.Solve(MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(targets));
        for (var i = 0; i < 12; i++)
        {
            var expected = 0.0;
            for (var j = 0; j < 12; j++) expected += kernel[i, j] * alpha[j];
            Assert.AreEqual(expected, surrogate.MeanAt(i), 1e-9, $"trial {i}");
        }
    }

    [TestMethod]
    public void Likelihood_DriftingTrials_GradientIsThatOfTheValue()
    {
        var observations = Fixtures.Observations(Layout, Space, 15);
        double[] drifts = [.. Enumerable.Range(0, 15).Select(i => i % 4 * 0.25)];
        var set = new TrainingSet(Layout, observations, [.. observations.Select(observation => observation.Loss)], null, drifts);
        var likelihood = new SurrogateLikelihood(set, SurrogatePrior.For(2));
        double[] at = [.. Enumerable.Range(0, likelihood.Size).Select(i => 0.3 * i - 1)];
        var gradient = new double[at.Length];
        likelihood.Evaluate(at, gradient);
        for (var i = 0; i < at.Length; i++)
        {
            const double Step = 1e-5;
            double[] above = [.. at], below = [.. at], ignored = new double[at.Length];
            above[i] += Step;
            below[i] -= Step;
            var slope = (likelihood.Evaluate(above, ignored) - likelihood.Evaluate(below, ignored)) / (2 * Step);
            Assert.AreEqual(slope, gradient[i], 1e-5 * Math.Max(1, Math.Abs(slope)), $"logarithm {i}");
        }
    }

    [TestMethod]
    public void Likelihood_TargetsWithChance_GradientIsThatOfTheValue()
    {
        var observations = Fixtures.Observations(Layout, Space, 15);
        double[] chances = [.. Enumerable.Range(0, 15).Select(i => i % 4 * 0.25)];
        var set = new TrainingSet(Layout, observations, [.. observations.Select(observation => observation.Loss)], chances: chances);
        var likelihood = new SurrogateLikelihood(set, SurrogatePrior.For(2));
        double[] at = [.. Enumerable.Range(0, likelihood.Size).Select(i => 0.3 * i - 1)];
        double[] gradient = new double[at.Length], ignored = new double[at.Length];
        likelihood.Evaluate(at, gradient);
        for (var i = 0; i < at.Length; i++)
        {
            double[] above = [.. at], below = [.. at];
            above[i] += 1e-5;
            below[i] -= 1e-5;
            Assert.AreEqual((likelihood.Evaluate(above, ignored) - likelihood.Evaluate(below, ignored)) / 2e-5, gradient[i], 1e-4, $"logarithm {i}");
        }
    }

    [TestMethod]
    public void Surrogate_ManyNeighboursWithChance_KnowsTheirMean_WithDriftDoesNot()
    {
        // Forty trials at nearly one place that was told with a variance of a half each: chance averages out, what may still drift together does not.
        Observation[] near = [.. Enumerable.Range(0, 40).Select(i => Fixtures.Observations(Layout, Space, 1)[0] with { Unit = [0.5 + 1e-4 * i, 0.5] })];
        var settings = SurrogatePrior.For(2).Mode(Layout.Weights);
        double[] targets = new double[40], half = [.. Enumerable.Repeat(0.5, 40)];
        Assert.IsLessThan(0.02, VarianceThere(new TrainingSet(Layout, near, targets, chances: half)));
        Assert.IsGreaterThan(0.3, VarianceThere(new TrainingSet(Layout, near, targets, drifts: half)));

        double VarianceThere(TrainingSet set)
        {
            double[] mean = [0], variance = [0];
            Surrogate.Of(set, settings, []).Predict([0.5, 0.5], mean, variance);
            return variance[0];
        }
    }

    [TestMethod]
    public void Ask_AllTrialsPausedAtTheFirstStep_StillFindsTheirMinimum()
    {
        // Nothing has finished: all that is known are reports of paused trials.
        var tuner = Fixtures.Tuner(Space);
        var pending = ImmutableArray.CreateBuilder<Trial>();
        for (var number = 0; number < 25; number++)
        {
            var id = new TrialId(number);
            var request = new AskRequest(id, 3, ImmutableSortedDictionary<string, string>.Empty, pending.ToImmutable(), new RandomSource(7).Fork("ask", number));
            var proposal = (Proposal.Evaluate)tuner.Ask(request);
            var loss = Bowl(proposal.Configuration);
            pending.Add(new Trial { Id = id, Configuration = proposal.Configuration, Budget = 3, State = TrialState.Paused, PausedAtStep = 3, Reports = [new TrialReport(id, 3, loss)] });
        }

        Assert.IsLessThan(1e-3, pending.Min(trial => trial.Reports[0].Loss));
    }

    [TestMethod]
    public void Ask_SameTrialsAgain_ProposesTheSame()
    {
        var pending = Enumerable.Range(0, 12).Select(number =>
        {
            var id = new TrialId(number);
            var configuration = Space.Sample(new RandomSource(number));
            return new Trial { Id = id, Configuration = configuration, State = TrialState.Paused, PausedAtStep = 1 + number % 3, Reports = [.. Enumerable.Range(1, 1 + number % 3).Select(step => new TrialReport(id, step, Bowl(configuration) + 1.0 / step))] };
        }).ToImmutableArray();
        var tuner = Fixtures.Tuner(Space);
        var first = tuner.Ask(Request());
        Assert.AreEqual(first, tuner.Ask(Request()));
        Assert.AreEqual(first, Fixtures.Tuner(Space).Ask(Request()));

        AskRequest Request() => new(new TrialId(12), null, ImmutableSortedDictionary<string, string>.Empty, pending, new RandomSource(7));
    }

    private static double Bowl(Configuration configuration)
    {
        var x = Fixtures.Reals(configuration);
        return (x[0] - 0.3) * (x[0] - 0.3) + (x[1] - 0.6) * (x[1] - 0.6);
    }
}
