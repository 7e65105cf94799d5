using AutoTune.Tuners.EarlyStopping;

namespace AutoTune.Tuners.Tests.EarlyStopping;

[TestClass]
public sealed class StepPairsTests
{
    [TestMethod]
    public void Skill_StepThatOrdersAsTheLast_IsNearlyOne()
    {
        Assert.IsGreaterThan(0.9, Pairs(40, here => here * here).Skill);
        Assert.IsLessThan(0.1, Pairs(40, here => -here).Skill);
        Assert.AreEqual(0.5, new StepPairs().Skill);
        Assert.AreEqual(0.5, Pairs(40, _ => 1).Skill);
    }

    [TestMethod]
    public void Forecast_LossesThatFallByTheSame_IsThatMuchLower()
    {
        var (loss, deviation) = Pairs(10, here => here - 3).Forecast(5.5);
        Assert.AreEqual(2.5, loss, 1e-12);
        Assert.AreEqual(0, deviation, 1e-12);
    }

    [TestMethod]
    public void Forecast_GoodAndBadMoveDifferently_FollowsTheNearest()
    {
        // Losses below 20 halve, those above stay.
        var pairs = Pairs(40, here => here < 20 ? here / 2 : here);
        Assert.AreEqual(5 - 2.5, pairs.Forecast(5).Loss, 3);
        Assert.AreEqual(35, pairs.Forecast(35).Loss, 1e-12);
    }

    [TestMethod]
    public void ChanceToBeat_ByHand_IsThatOfTheNormalDistribution()
    {
        // d of the nearest five: -2, -1, 0, 1, 2; median 0, median deviation 1, so 1.4826 (1 + 2 / 5) = 2.07564.
        var pairs = new StepPairs();
        foreach (var d in new[] { 0, 1, 2, -1, -2 }) pairs.Add(10, 10 + d);
        Assert.AreEqual((10.0, 1.4826 * 1.4), pairs.Forecast(10));
        Assert.AreEqual(0.5, pairs.ChanceToBeat(10, 10), 1e-12);
        Assert.AreEqual(0.158655, pairs.ChanceToBeat(10 - 2.07564, 10), 1e-6);
    }

    [TestMethod]
    public void ChanceToBeat_NoDoubt_IsNoneOrCertain()
    {
        var pairs = Pairs(10, here => here - 3);
        Assert.AreEqual(1, pairs.ChanceToBeat(3, 5));
        Assert.AreEqual(0, pairs.ChanceToBeat(1, 5));
    }

    private static StepPairs Pairs(int count, Func<double, double> last)
    {
        var pairs = new StepPairs();
        for (var here = 0; here < count; here++) pairs.Add(here, last(here));
        return pairs;
    }
}
