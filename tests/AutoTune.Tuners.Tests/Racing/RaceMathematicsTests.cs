using AutoTune.Tuners.Numerics;
using AutoTune.Tuners.Racing;

namespace AutoTune.Tuners.Tests.Racing;

[TestClass]
public sealed class RaceMathematicsTests
{
    // Pocock's constants, two-sided 0.05: Jennison and Turnbull (2000), table 2.1. One-sided 0.025 differs in the fourth digit.
    [TestMethod]
    [DataRow(1, 1.960)]
    [DataRow(2, 2.178)]
    [DataRow(3, 2.289)]
    [DataRow(4, 2.361)]
    [DataRow(5, 2.413)]
    [DataRow(10, 2.555)]
    [DataRow(20, 2.672)]
    public void Boundary_EquallyFarLooks_IsPococks(int looks, double expected)
        => Assert.AreEqual(expected, LookBoundary.Solve([.. Enumerable.Range(1, looks).Select(look => (double)look)], 0.025), 0.001);

    [TestMethod]
    public void Boundary_InformationInOtherUnits_IsTheSame()
        => Assert.AreEqual(LookBoundary.Solve([1, 3, 7], 0.05), LookBoundary.Solve([1e-9, 3e-9, 7e-9], 0.05), 1e-9);

    [TestMethod]
    public void Boundary_FiftyBridgeLooks_IsCrossedAsOftenAsStated()
    {
        const int repeats = 50, paths = 20_000;
        var information = Enumerable.Range(1, repeats - 1).Select(k => 1 / (1.0 / k - 1.0 / repeats)).ToArray();
        var boundary = LookBoundary.Solve(information, 0.05);
        var random = new RandomSource(5);
        var crossed = 0;
        var sums = new double[repeats];
        for (var path = 0; path < paths; path++)
        {
            var sum = 0.0;
            for (var j = 0; j < repeats; j++) sums[j] = sum += random.NextGaussian();
            for (var k = 1; k < repeats; k++)
            {
                if ((sums[k - 1] / k - sum / repeats) * Math.Sqrt(information[k - 1]) < boundary) continue;
                crossed++;
                break;
            }
        }

        Assert.AreEqual(0.05, crossed / (double)paths, 4 * Math.Sqrt(0.05 * 0.95 / paths));
    }

    [TestMethod]
    [DataRow(0.5, 4.934802200544679)] // pi^2 / 2
    [DataRow(1, 1.6449340668482264)] // pi^2 / 6
    [DataRow(10, 0.10516633568168575)] // SciPy's polygamma(1, 10)
    public void Trigamma_KnownArguments_IsRight(double x, double expected)
    {
        Assert.AreEqual(expected, RaceNoise.Trigamma(x), 1e-9);
        Assert.AreEqual(x, RaceNoise.InverseTrigamma(expected), 1e-6 * x);
    }

    // Quantiles of Student's t from printed tables: (0.95, 5), (0.99, 10), (0.975, 3), (0.95, 1).
    [TestMethod]
    [DataRow(2.015, 5, 0.95)]
    [DataRow(2.764, 10, 0.99)]
    [DataRow(3.182, 3, 0.975)]
    [DataRow(6.314, 1, 0.95)]
    public void Deviate_QuantileOfStudentsT_IsTheNormalOneOrALittleLess(double t, double freedom, double probability)
    {
        var z = StudentDistribution.Deviate(t, freedom);
        var exact = NormalDistribution.Quantile(probability);
        Assert.IsLessThan(1.002 * exact, z);
        Assert.IsGreaterThan((freedom < 2 ? 0.9 : 0.98) * exact, z);
    }

    [TestMethod]
    public void Noise_TwoTrialsByHand_IsTheirInteraction()
    {
        // Rows less their means: (-1, 1) and (-3, 3); less the columns' means (-2, 2): (1, -1) and (-1, 1). Sum of squares 4 over (2-1)(2-1).
        var noise = RaceNoise.Of([[0.0, 2.0], [10.0, 16.0]], [1, 1]);
        Assert.AreEqual(2, noise.Deviation, 1e-12);
        Assert.IsTrue(noise.Freedom is > 0 and <= 1);
    }

    [TestMethod]
    [DataRow(1e-300)]
    [DataRow(1e300)]
    public void Noise_AtAnyScale_ScalesAlong(double unit)
    {
        var noise = RaceNoise.Of([[0, 2 * unit], [10 * unit, 16 * unit]], [1, 1]);
        Assert.AreEqual(2 * unit, noise.Deviation, 1e-12 * unit);
    }

    [TestMethod]
    public void Noise_TrialsOfUnequalNoise_IsWorthFewerDegreesOfFreedom()
    {
        double Freedom(double ratio)
        {
            var random = new RandomSource(2);
            var rows = new List<double[]>();
            for (var t = 0; t < 8; t++) rows.Add([.. Enumerable.Range(0, 20).Select(_ => random.NextGaussian() * (t % 2 == 0 ? 1 : ratio))]);
            return RaceNoise.Of(rows, [.. Enumerable.Repeat(1, 20)]).Freedom;
        }

        Assert.IsLessThan(0.5 * Freedom(1), Freedom(10));
    }
}
