using System.Collections.Immutable;
using AutoTune.Testing;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class RequirementTests
{
    private const int Trials = 40;

    // Branin under a disk that excludes all of its unconstrained minima but touches none of them, after Gelbart and others 2014.
    private static double BraninViolation(Configuration configuration)
    {
        var x = Fixtures.Reals(configuration);
        return (x[0] - 2.5) * (x[0] - 2.5) + (x[1] - 7.5) * (x[1] - 7.5) - 20;
    }

    // The mixed bowl's best units, 64, are too many; what is allowed depends on a choice.
    private static double MixedViolation(Configuration configuration)
    {
        var text = configuration.Values.ToDictionary(value => value.Hyperparameter.Name, value => value.Value);
        return (int)text["units"] * ((string)text["activation"] == "gelu" ? 2 : 1) - 48;
    }

    [TestMethod]
    public void Ask_UnderARequirement_BeatsRandomAndIgnoringItOnBranin()
        => DemandBetter(TestProblems.Branin, BraninViolation, againstRandom: 3, againstIgnoring: 3);

    [TestMethod]
    public void Ask_UnderARequirement_BeatsRandomAndIgnoringItOnAMixedSpace()
        => DemandBetter(TestProblems.Mixed, MixedViolation, againstRandom: 3, againstIgnoring: 1.5);

    [TestMethod]
    public void Ask_WhereHardlyAnythingIsAllowed_LooksForIt()
    {
        // One in four hundred points meets it.
        static double Violation(Configuration configuration) => Fixtures.Reals(configuration).Sum(x => (x - 0.8) * (x - 0.8)) - 0.0008;
        var space = Fixtures.Cube(2);
        for (var seed = 0; seed < 3; seed++)
        {
            var told = Drive(Fixtures.Tuner(space, seed), configuration => Fixtures.Reals(configuration)[0], Violation, 30, seed);
            Assert.IsTrue(told.Exists(trial => trial.MeetsRequirements), $"seed {seed}");
        }
    }

    [TestMethod]
    public void Ask_WithTwoRequirementsAndSlots_KeepsToBoth()
    {
        var space = Fixtures.Cube(2);
        var tuner = Fixtures.Tuner(space);
        ImmutableArray<double> Violations(Configuration configuration)
            => [0.3 - Fixtures.Reals(configuration)[0], 1e6 * (0.6 - Fixtures.Reals(configuration)[1])];
        for (var number = 0; number < 25; number++)
        {
            var configuration = tuner.Ask(number);
            tuner.Tell(Fixtures.Completed(number, configuration, Fixtures.Reals(configuration).Sum()) with { Violations = Violations(configuration) });
        }

        var pending = new List<Trial>();
        for (var number = 25; number < 29; number++) pending.Add(Fixtures.Running(number, tuner.Ask(number, 0, [.. pending])));
        Assert.AreEqual(4, pending.Select(trial => trial.Configuration).Distinct().Count());
        foreach (var trial in pending) Assert.IsTrue(Violations(trial.Configuration).Max() < 1e5, trial.Configuration.ToString());
    }

    [TestMethod]
    public void Ask_WithMoreTrialsThanTheModelHolds_KeepsThoseThatMeetTheRequirement()
    {
        var space = Fixtures.Cube(2);
        var tuner = Fixtures.Tuner(space, options: new GaussianProcessOptions { MaxModelTrials = 20 });
        var random = new RandomSource(8);
        for (var number = 0; number < 60; number++)
        {
            var configuration = space.Sample(random);
            var x = Fixtures.Reals(configuration)[0];
            tuner.Tell(Fixtures.Completed(number, configuration, x) with { Violations = [0.9 - x] });
        }

        Assert.IsTrue(Fixtures.Reals(tuner.Ask(60))[0] > 0.8);
    }

    [TestMethod]
    public void Evaluate_OfAllTerms_HasTheGradientOfFiniteDifferences()
    {
        var space = Fixtures.MixedSpace();
        var layout = new SpaceLayout(space);
        Surrogate Of(long seed)
        {
            var observations = Fixtures.Observations(layout, space, 20, seed);
            return Surrogate.Of(new TrainingSet(layout, observations, [.. observations.Select(observation => observation.Loss)]), SurrogatePrior.For(4).Mode(layout.Weights), []);
        }

        var losses = Of(1);
        var acquisition = new Acquisition(space, layout, losses,
            [new ExpectedImprovement(losses, -1), new Feasibility([(Of(2), -0.5), (Of(3), 3)]), new CostTerm(Of(4), 2, 1.5, 1)]);
        foreach (var point in Fixtures.Observations(layout, space, 20, seed: 5))
        {
            int[] coordinates = [.. Enumerable.Range(0, layout.Count).Where(j => point.Active[j] && layout[j].Column >= 0 && layout[j].Encoded.IsOrdered)];
            double[] gradient = new double[coordinates.Length], ignored = new double[coordinates.Length], batch = [0];
            var value = acquisition.Evaluate(point.Unit, point.Active, coordinates, gradient);
            acquisition.Evaluate(point.Unit, point.Active, batch);
            Assert.AreEqual(value, batch[0], 1e-9 * Math.Abs(value));
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

    // Means over five seeds of what the best allowed trial lacks to the best allowed of 20,000 random points.
    private static void DemandBetter(TestProblem problem, Func<Configuration, double> violation, double againstRandom, double againstIgnoring)
    {
        var source = new RandomSource(99);
        var goal = Enumerable.Range(0, 20_000).Select(_ => problem.Space.Sample(source)).Where(configuration => violation(configuration) <= 0).Min(problem.Evaluate);
        double Regret(Func<int, IEnumerable<Trial>> drive)
            => Enumerable.Range(0, 5).Average(seed => Math.Max(1e-9, drive(seed).Where(trial => violation(trial.Configuration) <= 0).Min(trial => trial.Loss!.Value) - goal));

        var mine = Regret(seed => Drive(Fixtures.Tuner(problem.Space, seed), problem.Evaluate, violation, Trials, seed));
        var ignoring = Regret(seed => Fixtures.Tuner(problem.Space, seed).Drive(problem.Evaluate, Trials, seed));
        var random = Regret(seed =>
        {
            var draws = new RandomSource(seed);
            return Enumerable.Range(0, Trials).Select(number => problem.Space.Sample(draws)).Select((configuration, number) => Fixtures.Completed(number, configuration, problem.Evaluate(configuration)));
        });
        Assert.IsTrue(mine * againstRandom < random && mine * againstIgnoring < ignoring, $"{mine} with the requirement, {ignoring} ignoring it, {random} at random");
    }

    private static List<Trial> Drive(ITuner tuner, Func<Configuration, double> loss, Func<Configuration, double> violation, int trials, long seed)
    {
        var told = new List<Trial>();
        for (var number = 0; number < trials; number++)
        {
            var configuration = tuner.Ask(number, seed);
            told.Add(Fixtures.Completed(number, configuration, loss(configuration)) with { Violations = [violation(configuration)] });
            tuner.Tell(told[^1]);
        }

        return told;
    }
}
