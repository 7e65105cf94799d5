using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class TrustBoxTests
{
    private const int Designed = 3, Dimensions = 2;

    [TestMethod]
    public void LengthAfter_TheDesignAlone_IsFourFifthsOfTheRange() => Assert.AreEqual(0.8, LengthAfter(5, 3, 4));

    [TestMethod]
    public void LengthAfter_ThreeGainsInARow_IsDoubled()
    {
        Assert.AreEqual(0.8, LengthAfter(5, 3, 4, 2.5, 2));
        Assert.AreEqual(1.6, LengthAfter(5, 3, 4, 2.5, 2, 1.5));
        Assert.AreEqual(1.6, LengthAfter(5, 3, 4, 2.5, 2, 1.5, 1, 0.5, 0), "at most 1.6");
    }

    [TestMethod]
    public void LengthAfter_FourTrialsWithoutAGain_IsHalved()
    {
        Assert.AreEqual(0.8, LengthAfter(5, 3, 4, 6, 6, 6));
        Assert.AreEqual(0.4, LengthAfter(5, 3, 4, 6, 6, 6, 6));
        Assert.AreEqual(0.8, LengthAfter(5, 3, 4, 6, 6, 6, 1, 6), "a gain in between");
        Assert.AreEqual(0.4, LengthAfter(5, 3, 4, double.NaN, double.NaN, double.NaN, double.NaN), "failed trials gain nothing");
    }

    [TestMethod]
    public void LengthAfter_GainsOfLessThanAThousandth_CountAsNone() => Assert.AreEqual(0.4, LengthAfter(5, 3, 4, 2.9999, 2.9998, 2.9997, 2.9996));

    [TestMethod]
    public void LengthAfter_BelowTheShortest_BeginsAnew()
    {
        double[] stuck = [5, 3, 4, .. Enumerable.Repeat(6.0, 7 * 4)];
        Assert.AreEqual(0.8, LengthAfter(stuck));
        Assert.AreEqual(0.8 / 64, LengthAfter(stuck[..^4]));
    }

    [TestMethod]
    [DataRow(1e300)]
    [DataRow(1e-300)]
    public void LengthAfter_LossesOfExtremeScale_IsAsForOthers(double scale)
    {
        Assert.AreEqual(1.6, LengthAfter([.. new[] { 1.0, 0.5, 0.9, 0.4, -0.3, -1 }.Select(loss => scale * loss)]));
        Assert.AreEqual(0.4, LengthAfter([.. new[] { 1.0, 0.5, 0.9, 0.6, 0.7, 1, 1 }.Select(loss => scale * loss)]));
    }

    [TestMethod]
    public void Bounds_FollowTheLengthScalesAndEndWithTheRange()
    {
        var space = Fixtures.Cube(2);
        var layout = new SpaceLayout(space);
        var centre = Observation.Of(Fixtures.Completed(0, space.Configure(c => c.Set("x0", 0.5).Set("x1", 0.9)), 1), layout);
        var box = new TrustBox(layout, centre, 0.4, [0.1, 0.4]);
        Assert.AreEqual(0.4, box.Low(0), 1e-12);
        Assert.AreEqual(0.6, box.High(0), 1e-12);
        Assert.AreEqual(0.5, box.Low(1), 1e-12);
        Assert.AreEqual(1.0, box.High(1));
    }

    [TestMethod]
    public void ScatterAndClip_KeepNumbersInsideAndLeaveChoicesAlone()
    {
        var space = Fixtures.MixedSpace();
        var layout = new SpaceLayout(space);
        var centre = Observation.Of(Fixtures.Completed(0, space.Default, 1), layout);
        var reaches = new double[layout.Count];
        Array.Fill(reaches, 0.5);
        var box = new TrustBox(layout, centre, 0.2, reaches);
        var random = new RandomSource(3);
        double[] scattered = new double[layout.Count], clipped = new double[layout.Count];
        Array.Fill(scattered, 0.95);
        Array.Fill(clipped, 0.95);
        box.Scatter(scattered, random);
        box.Clip(clipped);
        for (var j = 0; j < layout.Count; j++)
        {
            if (!layout[j].Encoded.IsOrdered)
            {
                Assert.AreEqual((0.95, 0.95), (scattered[j], clipped[j]));
            }
            else if (layout[j].Column >= 0)
            {
                Assert.IsTrue(Math.Abs(scattered[j] - centre.Unit[j]) <= 0.1 + 1e-12);
                Assert.AreEqual(Math.Min(0.95, box.High(j)), clipped[j]);
            }
        }
    }

    private static double LengthAfter(params double[] losses)
    {
        var space = Fixtures.Cube(Dimensions);
        var layout = new SpaceLayout(space);
        var observations = losses.Select((loss, number) => Observation.Of(
            double.IsNaN(loss) ? Fixtures.Failed(number, space.Default) : Fixtures.Completed(number, space.Default, loss), layout));
        return TrustBox.LengthAfter([.. observations], Designed, Dimensions);
    }
}
