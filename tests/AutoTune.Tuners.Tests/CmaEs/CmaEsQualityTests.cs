using AutoTune.Tuners.Tests.GaussianProcess;

namespace AutoTune.Tuners.Tests.CmaEs;

/// <summary>What it reaches in a stated number of trials, with each of five seeds; and that it beats random search.</summary>
[TestClass]
public sealed class CmaEsQualityTests
{
    [TestMethod]
    public void ShiftedSphere_InTenDimensions_IsSolvedWithinFifteenHundredTrials() => Solves(10, 1500, 1e-9, x => x.Sum(v => v * v));

    [TestMethod]
    public void ShiftedEllipsoid_OfConditionAMillion_IsSolvedWithinThreeThousandTrials()
        => Solves(6, 3000, 1e-8, x => x.Select((v, j) => Math.Pow(1e6, j / 5.0) * v * v).Sum());

    [TestMethod]
    public void Rosenbrock_InFiveDimensions_IsSolvedWithinFourThousandTrials()
        => Solves(5, 4000, 1e-6, x => Enumerable.Range(0, 4).Sum(j => 100 * Math.Pow((4 * x[j + 1] + 1) - Math.Pow(4 * x[j] + 1, 2), 2) + Math.Pow(4 * x[j], 2)));

    [TestMethod]
    public void IntegerSphere_InEightDimensions_NeverFreezes()
    {
        foreach (var seed in Enumerable.Range(0, 5))
        {
            var told = CmaEsFixtures.Tuner(CmaEsFixtures.Integers(8, -50, 50), seed)
                .Run(configuration => CmaEsFixtures.Numbers(configuration).Select((n, j) => Math.Abs(n - (37 - 9 * j))).Sum(), 2000, seed);
            Assert.AreEqual(0, told.Min(trial => trial.Loss), $"seed {seed}");
        }
    }

    // Where the continuous part converges long before the integers are right, as in the paper's figures.
    [TestMethod]
    public void IntegersBesideReals_WhoseStepsGetTiny_StillReachTheirMinimum()
    {
        var builder = new SearchSpaceBuilder();
        for (var j = 0; j < 3; j++) builder.AddReal($"x{j}", 0, 1);
        for (var j = 0; j < 3; j++) builder.AddInteger($"n{j}", 0, 20);
        for (var j = 0; j < 2; j++) builder.AddInteger($"m{j}", 1, 1000, Scale.Log);
        var space = builder.Build();
        foreach (var seed in Enumerable.Range(0, 5))
        {
            var told = CmaEsFixtures.Tuner(space, seed, new() { PopulationSize = 12 }).Run(Loss, 4000, seed);
            Assert.IsLessThan(1e-6, told.Min(trial => trial.Loss)!.Value, $"seed {seed}");
        }

        static double Loss(Configuration configuration)
        {
            var x = CmaEsFixtures.Numbers(configuration);
            return 1e4 * x[..3].Sum(v => (v - 0.3) * (v - 0.3)) + 0.01 * (x[3..6].Sum(n => Math.Abs(n - 17)) + x[6..].Sum(m => Math.Abs(Math.Log(m / 9))));
        }
    }

    [TestMethod]
    public void MixedConditionalSpace_AfterAHundredTrials_IsTwiceAsCloseAsRandom()
    {
        var space = Fixtures.MixedSpace();
        var mine = Median(seed => CmaEsFixtures.Tuner(space, seed).Run(GaussianProcessTunerTests.MixedLoss, 100, seed).Min(trial => trial.Loss!.Value));
        var random = Median(seed =>
        {
            var source = new RandomSource(seed);
            return Enumerable.Range(0, 100).Min(_ => GaussianProcessTunerTests.MixedLoss(space.Sample(source)));
        });
        Assert.IsTrue(mine * 2 < random, $"{mine} against {random} at random");
    }

    private static double Median(Func<long, double> best) => Enumerable.Range(0, 9).Select(seed => best(seed)).Order().ElementAt(4);

    private static void Solves(int dimensions, int trials, double within, Func<double[], double> loss)
    {
        foreach (var seed in Enumerable.Range(0, 5))
        {
            var told = CmaEsFixtures.Tuner(Fixtures.Cube(dimensions), seed)
                .Run(configuration => loss([.. Fixtures.Reals(configuration).Select((x, j) => x - 0.2 - 0.5 * j / dimensions)]), trials, seed);
            Assert.IsLessThan(within, told.Min(trial => trial.Loss)!.Value, $"seed {seed}");
        }
    }
}
