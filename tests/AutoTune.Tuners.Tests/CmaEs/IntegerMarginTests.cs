using AutoTune.Tuners.CmaEs;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Tests.CmaEs;

[TestClass]
public sealed class IntegerMarginTests
{
    [TestMethod]
    [DataRow(0.35, 1e-6)]
    [DataRow(0.30001, 1e-3)]
    [DataRow(0.39999, 0.02)]
    [DataRow(0.35, 0.03)]
    public void Correct_BetweenTwoNeighbours_LeavesBothTheirShare(double mean, double deviation)
    {
        const double alpha = 0.05;
        var (m, s) = IntegerMargin.Correct(mean, deviation, 0.3, 0.4, alpha);
        Assert.IsGreaterThanOrEqualTo(alpha / 2 - 1e-9, NormalDistribution.Cumulative((0.3 - m) / s));
        Assert.IsGreaterThanOrEqualTo(alpha / 2 - 1e-9, NormalDistribution.Cumulative((m - 0.4) / s));
        Assert.IsTrue(m is >= 0.3 and <= 0.4);
    }

    [TestMethod]
    public void Correct_AtTheEndOfTheRange_MovesTheMeanTowardsTheOnlyNeighbour()
    {
        var (m, s) = IntegerMargin.Correct(0.05, 0.01, double.NegativeInfinity, 0.1, 0.05);
        Assert.AreEqual(0.01, s);
        Assert.AreEqual(0.05, NormalDistribution.Cumulative((m - 0.1) / s), 1e-12);
    }

    [TestMethod]
    public void Correct_OfAWideDistribution_ChangesNothing()
        => Assert.AreEqual((0.35, 0.2), IntegerMargin.Correct(0.35, 0.2, 0.3, 0.4, 0.05));
}
