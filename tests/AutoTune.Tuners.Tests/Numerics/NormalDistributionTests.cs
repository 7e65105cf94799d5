using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Tests.Numerics;

// Reference values: erf's Taylor series in 700-digit decimal arithmetic (Python's decimal module), rounded to 17 digits.
[TestClass]
public sealed class NormalDistributionTests
{
    [TestMethod]
    [DataRow(3.0, -0.0013508099647481938)]
    [DataRow(0.5, -0.3689464152886564)]
    [DataRow(0.0, -0.69314718055994529)]
    [DataRow(-1.0, -1.8410216450092636)]
    [DataRow(-1.999, -3.7808115609997648)]
    [DataRow(-2.0, -3.7831843336820321)]
    [DataRow(-2.001, -3.7855579920851956)]
    [DataRow(-5.0, -15.064998393988725)]
    [DataRow(-10.0, -53.23128515051247)]
    [DataRow(-40.0, -804.6084420137538)]
    public void LogCumulative_InTheTail_EqualsTheReference(double z, double expected)
        => Assert.AreEqual(expected, NormalDistribution.LogCumulative(z), 1e-13 * Math.Max(Math.Abs(expected), 0.01));

    [TestMethod]
    [DataRow(3.0, 1.0987396653277077)]
    [DataRow(0.5, -0.3598276837450638)]
    [DataRow(0.0, -0.91893853320467278)]
    [DataRow(-1.0, -2.4851210257126413)]
    [DataRow(-1.999, -4.7661045172409739)]
    [DataRow(-2.0, -4.7687835239171141)]
    [DataRow(-2.001, -4.7714633510343214)]
    [DataRow(-5.0, -16.744301162660989)]
    [DataRow(-10.0, -55.553122036122353)]
    [DataRow(-38.0, -730.19618340211377)]
    [DataRow(-40.0, -808.29856835661997)]
    public void LogExpectedImprovement_InTheTail_EqualsTheReference(double z, double expected)
    {
        Assert.AreEqual(expected, LogExpectedImprovement.Value(-z, 1, 0), 1e-13 * Math.Abs(expected));
        Assert.AreEqual(expected + Math.Log(3), LogExpectedImprovement.Value(7 - 3 * z, 3, 7), 1e-12 * Math.Abs(expected));
    }

    [TestMethod]
    public void LogExpectedImprovement_FarInTheTail_StaysFiniteAndKeepsItsSlope()
    {
        foreach (var z in new[] { -1e2, -1e4, -1e8, -1e100 })
        {
            var (value, byMean, byDeviation) = LogExpectedImprovement.WithDerivatives(-z, 1, 0);
            Assert.AreEqual(-0.5 * z * z, value, 1e-2 * z * z);
            Assert.AreEqual(z, byMean, 1e-2 * -z);
            Assert.AreEqual(z * z, byDeviation, 1e-2 * z * z);
        }
    }

    [TestMethod]
    public void LogExpectedImprovement_AtRandomPoints_HasTheDerivativesOfFiniteDifferences()
    {
        var random = new RandomSource(4);
        for (var i = 0; i < 1000; i++)
        {
            double mean = 4 * random.NextGaussian(), deviation = 0.1 + random.NextDouble(), best = random.NextGaussian();
            const double Step = 1e-6;
            var (value, byMean, byDeviation) = LogExpectedImprovement.WithDerivatives(mean, deviation, best);
            Assert.AreEqual(LogExpectedImprovement.Value(mean, deviation, best), value);
            var slope = (LogExpectedImprovement.Value(mean + Step, deviation, best) - LogExpectedImprovement.Value(mean - Step, deviation, best)) / (2 * Step);
            Assert.AreEqual(slope, byMean, 1e-6 * Math.Max(1, Math.Abs(slope)));
            slope = (LogExpectedImprovement.Value(mean, deviation + Step, best) - LogExpectedImprovement.Value(mean, deviation - Step, best)) / (2 * Step);
            Assert.AreEqual(slope, byDeviation, 1e-5 * Math.Max(1, Math.Abs(slope)));
        }
    }

    [TestMethod]
    public void Quantile_OfTheCumulative_GivesTheValueBack()
    {
        for (var z = -8.0; z <= 5; z += 0.125) Assert.AreEqual(z, NormalDistribution.Quantile(NormalDistribution.Cumulative(z)), 1e-10 * Math.Max(1, Math.Exp(z * z / 2) * 1e-5));
    }
}
