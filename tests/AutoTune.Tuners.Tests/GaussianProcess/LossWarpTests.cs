using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class LossWarpTests
{
    private static readonly SearchSpace Space = Fixtures.Cube(1);
    private static readonly SpaceLayout Layout = new(Space);

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Targets_OfLossesOfAnyScale_KeepTheirOrderAndAreStandardized(bool isNear)
    {
        var view = View(isNear);
        double[] losses = [3, 1e30, -5, 0.25, 1e300, -1e300, 2, 2];
        var targets = LossWarp.Targets([.. losses.Select(Of)], view);
        for (var i = 0; i < losses.Length; i++)
        {
            for (var j = 0; j < losses.Length; j++)
            {
                if (losses[i] < losses[j]) Assert.IsTrue(targets[i] <= targets[j], $"{losses[i]} and {losses[j]}");
            }
        }

        Assert.AreEqual(0, targets.Sum(), 1e-12);
        Assert.AreEqual(losses.Length, targets.Sum(target => target * target), 1e-10);
        Assert.AreEqual(targets[6], targets[7]);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Targets_OfAnOutlier_LeaveTheGoodOnesApart(bool isNear)
    {
        var view = View(isNear);
        double[] losses = [.. Enumerable.Range(0, 20).Select(i => (double)i), 1e30];
        var targets = LossWarp.Targets([.. losses.Select(Of)], view);
        Assert.IsTrue(targets[1] - targets[0] > 0.002, $"{targets[1] - targets[0]}");
        Assert.IsTrue(targets[20] < 5, $"{targets[20]}");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Targets_OfEqualLosses_AreZero(bool isNear)
    {
        var view = View(isNear);
        CollectionAssert.AreEqual(new double[3], LossWarp.Targets([Of(4), Of(4), Of(4)], view));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Targets_OfFailedTrials_LieAboveTheWorst(bool isNear)
    {
        var view = View(isNear);
        var targets = LossWarp.Targets([Of(1), Of(double.NaN), Of(2), Of(1000)], view);
        Assert.IsTrue(targets[1] > targets[3]);
        CollectionAssert.AreEqual(new double[2], LossWarp.Targets([Of(double.NaN), Of(double.NaN)], view));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Targets_OfAStoppedTrial_AreNeverBelowTheBestCompleted(bool isNear)
    {
        var view = View(isNear);
        var configuration = Space.Sample(new RandomSource(0));
        var stopped = Observation.Of(Fixtures.Stopped(0, configuration, 9, 0.5), Layout);
        var targets = LossWarp.Targets([Of(1), Of(2), stopped, Of(3)], view);
        Assert.AreEqual(targets[0], targets[2]);
        var high = Observation.Of(Fixtures.Stopped(0, configuration, 9, 2.5), Layout);
        targets = LossWarp.Targets([Of(1), Of(2), high, Of(3)], view);
        Assert.IsTrue(targets[1] < targets[2] && targets[2] < targets[3]);
    }

    private static LossView View(bool isNear) => isNear ? LossView.Near : LossView.Wide;

    private static Observation Of(double loss)
    {
        var configuration = Space.Sample(new RandomSource(0));
        return Observation.Of(double.IsNaN(loss) ? Fixtures.Failed(0, configuration) : Fixtures.Completed(0, configuration, loss), Layout);
    }
}
