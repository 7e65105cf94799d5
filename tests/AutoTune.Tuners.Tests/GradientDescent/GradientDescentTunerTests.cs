using AutoTune.Tuners.GradientDescent;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.GradientDescent;

[TestClass]
public sealed class GradientDescentTunerTests
{
    private static readonly string[] Golden =
    [
        "x=0.2950706510973906, rate=0.0761296811618617, n=5, kind=a",
        "x=-0.5937256178949455, rate=0.050758947979427885, n=5, kind=a",
        "x=-0.2999713185669577, rate=0.04358567846535605, n=5, kind=a",
        "x=-0.4234832872170955, rate=0.025969262395669452, n=5, kind=a",
    ];

    // Made with this code; PortableMath and four lanes make it hold on every processor. A change of the search changes it, and its commit says why.
    [TestMethod]
    public void Ask_WithAFixedSeed_ProposesWhatItAlwaysDid()
    {
        var told = GradientFixtures.Tuner(Space()).Run(Loss, 40);
        var golden = new[] { 1, 6, 12, 39 }.Select(number => told[number].Configuration.ToString());
        CollectionAssert.AreEqual(Golden, golden.ToArray(), string.Join(Environment.NewLine, golden));
    }

    [TestMethod]
    public void Run_OnAnEllipsoidInTwentyDimensions_IsThereAfterThirtyTrials()
    {
        foreach (var seed in Enumerable.Range(0, 3))
        {
            var told = GradientFixtures.Tuner(Fixtures.Cube(20), seed).Run(GradientFixtures.Ellipsoid, 30, seed);
            Assert.IsLessThan(1e-5, told.Min(trial => trial.Loss!.Value));
        }
    }

    [TestMethod]
    public void Run_WhereTheMinimumLiesAtTheEdgeOfTheBox_GoesThere()
    {
        var told = GradientFixtures.Tuner(Fixtures.Cube(3)).Run(x => (x[0] - 2 * x[1] + (x[2] - 0.25) * (x[2] - 0.25), [1, -2, 2 * (x[2] - 0.25)]), 20);
        var best = Fixtures.Reals(told.MinBy(trial => trial.Loss)!.Configuration);
        Assert.AreEqual(0, best[0]);
        Assert.AreEqual(1, best[1]);
        Assert.AreEqual(0.25, best[2], 1e-3);
    }

    // What is flat here may matter elsewhere: the first step goes along a derivative that is a thousandth by a tenth, not by a thousandth.
    [TestMethod]
    public void Ask_ForTheFirstStep_MovesByTheCubeRootOfEachDerivative()
    {
        var tuner = GradientFixtures.Tuner(Fixtures.Cube(3));
        tuner.Run(_ => (1, [1, -0.125, 0.001]), 1);
        var to = Fixtures.Reals(((Proposal.Evaluate)tuner.Ask(Fixtures.Request(1))).Configuration);
        Assert.AreEqual(-0.5, (to[1] - 0.5) / (to[0] - 0.5), 1e-6);
        Assert.AreEqual(0.1, (to[2] - 0.5) / (to[0] - 0.5), 1e-6);
    }

    // Two trials that tell curvature below zero between the first coordinate and the second, which would go against its slope for its sake.
    [TestMethod]
    public void Ask_AfterTwoTrialsOfCurvatureBelowZero_GoesDownEachSlope()
    {
        var tuner = GradientFixtures.Tuner(Fixtures.Cube(2));
        var told = tuner.Run(x => x[0] == 0.5 ? (1, [-1, 0.1]) : (0.5, [-2, 0.02]), 2);
        var from = Fixtures.Reals(told[1].Configuration);
        var to = Fixtures.Reals(((Proposal.Evaluate)tuner.Ask(Fixtures.Request(2))).Configuration);
        Assert.IsGreaterThan(from[0], to[0]);
        Assert.IsLessThan(from[1], to[1]);
    }

    // Noise of a tenth of what the start loses, in losses and derivatives. A search that takes it for the truth ends at its start's luck.
    [TestMethod]
    public void Run_OnLossesWithNoise_GoesOnDownhill()
    {
        double Reached(int seed)
        {
            var random = new RandomSource(seed).Fork("noise");
            var told = GradientFixtures.Tuner(Fixtures.Cube(10), seed).Run(x =>
            {
                var (loss, gradient) = GradientFixtures.Ellipsoid(x);
                return (loss + random.NextGaussian(), [.. gradient.Select(g => g + random.NextGaussian())]);
            }, 40, seed);
            return GradientFixtures.Ellipsoid(Fixtures.Reals(told.MinBy(trial => trial.Loss)!.Configuration)).Loss;
        }

        var losses = Enumerable.Range(0, 9).Select(Reached).Order().ToArray();
        Assert.IsLessThan(0.3, losses[4], string.Join(' ', losses));
    }

    [TestMethod]
    public void Run_OnLossesOfAnySize_TakesTheSameSteps()
    {
        var plain = GradientFixtures.Tuner(Fixtures.Cube(5)).Run(GradientFixtures.Ellipsoid, 12);
        foreach (var exponent in new[] { -900, 900 })
        {
            var factor = Math.ScaleB(1, exponent);
            var told = GradientFixtures.Tuner(Fixtures.Cube(5)).Run(x => GradientFixtures.Ellipsoid(x) is var (loss, gradient) ? (factor * loss, [.. gradient.Select(g => factor * g)]) : default, 12);
            CollectionAssert.AreEqual(plain.ConvertAll(trial => trial.Configuration), told.ConvertAll(trial => trial.Configuration));
        }
    }

    [TestMethod]
    public void Ask_WhenNoTrialToldAGradient_SaysSoAfterThree()
    {
        var tuner = GradientFixtures.Tuner(Fixtures.Cube(2));
        for (var number = 0; number < 3; number++) tuner.Tell(Fixtures.Completed(number, tuner.Ask(number), number));
        var exhausted = (Proposal.Exhausted)tuner.Ask(Fixtures.Request(3));
        Assert.AreEqual("none of 3 completed trials returned a derivative by a hyperparameter that moves; return TrialValues.WithGradient(...) from the objective, or use another tuner", exhausted.Reason);
    }

    [TestMethod]
    public void Ask_OfASpaceWithoutRealHyperparameters_SaysThatThereIsNothingToMove()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddInteger("n", 1, 9);
        builder.AddReal("stepped", 0, 1, step: 0.5);
        var exhausted = (Proposal.Exhausted)GradientFixtures.Tuner(builder.Build()).Ask(Fixtures.Request(0));
        Assert.AreEqual("gradient descent moves real hyperparameters without steps, and the space has none; use another tuner", exhausted.Reason);
    }

    [TestMethod]
    public void Run_InAMixedSpace_KeepsWhatIsNotRealAsAtTheStart()
    {
        var space = Space();
        var told = GradientFixtures.Tuner(space, options: new() { Start = set => set.Set("n", 7).Set("kind", "b") }).Run(Loss, 25);
        Assert.IsTrue(told.All(trial => trial.Configuration.ToString().Contains("n=7, kind=b", StringComparison.Ordinal)));
        Assert.IsLessThan(1e-4, told.Min(trial => trial.Loss!.Value));
    }

    [TestMethod]
    public void Run_WhenASearchHasArrived_BeginsElsewhereAndSaysWhy()
    {
        // Two valleys in each coordinate.
        var told = GradientFixtures.Tuner(Fixtures.Cube(2)).Run(x => (x.Sum(v => Math.Cos(4 * Math.PI * v)), [.. x.Select(v => -4 * Math.PI * Math.Sin(4 * Math.PI * v))]), 60);
        var reasons = told.Select(trial => trial.Tags["gradient reason"]).ToList();
        Assert.AreEqual("the start", reasons[0]);
        Assert.IsTrue(reasons.Any(reason => reason.Contains("a new start: run ", StringComparison.Ordinal) && reason.Contains(" arrived at the loss -2, as its next step would be shorter than 0.0001 of the range", StringComparison.Ordinal)), string.Join('\n', reasons));
        StringAssert.Matches(reasons[2], new("^.*step of 0\\.\\d+ of the range; the loss is expected to change by -"));
        Assert.IsGreaterThanOrEqualTo(2, told.Where(trial => trial.Loss < -1.999).Select(trial => string.Join(' ', Fixtures.Reals(trial.Configuration).Select(v => v < 0.5))).Distinct().Count());
    }

    [TestMethod]
    public void Tell_ATrialThatFailed_ShrinksTheRegion()
    {
        var tuner = GradientFixtures.Tuner(Fixtures.Cube(4));
        tuner.Run(GradientFixtures.Ellipsoid, 1);
        var before = tuner.Region!.Radius;
        var step = (Proposal.Evaluate)tuner.Ask(Fixtures.Request(1));
        tuner.Tell(Fixtures.Failed(1, step.Configuration) with { Tags = step.Tags! });
        Assert.AreEqual(before / 4, tuner.Region.Radius, 1e-9);
        Assert.AreNotEqual(step.Configuration, tuner.Ask(2));
    }

    [TestMethod]
    public void Ask_WithTrialsPending_TakesStepsOfOtherLengthsThenNewStarts()
    {
        var space = Fixtures.Cube(4);
        var tuner = GradientFixtures.Tuner(space);
        tuner.Run(GradientFixtures.Ellipsoid, 1);
        var pending = new List<Trial>();
        for (var number = 1; number <= 8; number++)
        {
            var proposal = (Proposal.Evaluate)tuner.Ask(Fixtures.Request(number, 0, [.. pending]));
            pending.Add(Fixtures.Running(number, proposal.Configuration) with { Tags = proposal.Tags! });
        }

        Assert.HasCount(8, pending.Select(trial => trial.Configuration).Distinct());
        Assert.IsTrue(pending[..4].TrueForAll(trial => trial.Tags["gradient"] == "0.0"));
        Assert.AreEqual("start", pending[^1].Tags["gradient"]);
    }

    [TestMethod]
    public void Tell_ABetterTrialOfSomebodyElse_GoesOnFromThere()
    {
        var space = Fixtures.Cube(4);
        var tuner = GradientFixtures.Tuner(space);
        tuner.Run(GradientFixtures.Ellipsoid, 1);
        var better = GradientFixtures.Completed(1, space.Configure(set => set.Set("x0", 0.31).Set("x1", 0.34).Set("x2", 0.41).Set("x3", 0.44)), GradientFixtures.Ellipsoid);
        tuner.Tell(better);
        Assert.AreEqual(better.Configuration, tuner.Region!.Incumbent.Configuration);
    }

    [TestMethod]
    public async Task UseGradient_OnAStudy_FollowsTheGradientOfWhatIsMaximized()
    {
        var builder = new SearchSpaceBuilder();
        var rate = builder.AddReal("rate", 1e-5, 1, Scale.Log);
        var result = await new StudyBuilder("gradients").WithSearchSpace(builder).Maximize("gain").UseGradient().ForTrials(15).RunAsync(trial =>
        {
            var x = Math.Log(trial.Configuration.Get(rate) / 3e-4);
            return new TrialValues(-x * x).WithGradient(rate, -2 * x / trial.Configuration.Get(rate));
        });
        Assert.AreEqual(3e-4, result.Best!.Configuration.Get(rate), 1e-6);
    }

    [TestMethod]
    public void UseGradient_WithOptionsOutOfRange_SaysAllOfThem()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("x").UseGradient(new GradientDescentOptions { Starts = 0, InitialStep = 2, LeastStep = 3 }));
        StringAssert.Contains(error.Message, "GradientDescentOptions.Starts is 0; it must be at least 1. GradientDescentOptions.InitialStep is 2; it must be above 0 and at most 1. GradientDescentOptions.LeastStep is 3;");
    }

    private static SearchSpace Space()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddReal("x", -1, 1);
        builder.AddReal("rate", 1e-4, 1, Scale.Log);
        builder.AddInteger("n", 1, 9);
        var kind = builder.AddCategorical("kind", ["a", "b"]);
        builder.AddReal("share", 0, 2, activeWhen: kind.Is("b"));
        return builder.Build();
    }

    private static (double Loss, double[] Gradient) Loss(double[] x)
    {
        var loss = (x[0] - 0.3) * (x[0] - 0.3) + Math.Pow(Math.Log10(x[1]) + 1.5, 2);
        var gradient = new List<double> { 2 * (x[0] - 0.3), 2 * (Math.Log10(x[1]) + 1.5) / (x[1] * Math.Log(10)) };
        if (x.Length < 3) return (loss, [.. gradient]);
        return (loss + x[0] * x[0] * (x[2] - 0.7) * (x[2] - 0.7) + (x[2] - 0.7) * (x[2] - 0.7),
            [gradient[0] + 2 * x[0] * (x[2] - 0.7) * (x[2] - 0.7), gradient[1], 2 * (1 + x[0] * x[0]) * (x[2] - 0.7)]);
    }
}
