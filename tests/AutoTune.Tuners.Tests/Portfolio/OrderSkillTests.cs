using AutoTune.Tuners.Portfolio;

namespace AutoTune.Tuners.Tests.Portfolio;

[TestClass]
public sealed class OrderSkillTests
{
    private static readonly Standing[] Standings = [new(0, 4), new(0, 1), new(0, 3), new(0, 2)];

    [TestMethod]
    public void Of_PredictionsInTheOrderOfTheLosses_IsOne() => Assert.AreEqual(1, OrderSkill.Of([40, -7, 3, 2], Standings, doubt: 0));

    [TestMethod]
    public void Of_PredictionsInTheOppositeOrder_IsZero() => Assert.AreEqual(0, OrderSkill.Of([1, 4, 2, 3], Standings, doubt: 0));

    [TestMethod]
    public void Of_TwoBadTrialsInTheWrongOrder_DoesNotMind() => Assert.AreEqual(1, OrderSkill.Of([3, 1, 4, 2], Standings, doubt: 0));

    [TestMethod]
    public void Of_TheBestPredictedWorst_CountsEachPairOnce()
    {
        // Pairs with one of the better half: (1,2) (1,3) (1,4) (2,3) (2,4); the best is predicted last, so the first three are wrong.
        Assert.AreEqual(2 / 5.0, OrderSkill.Of([4, 9, 3, 2], Standings, doubt: 0), 1e-12);
    }

    [TestMethod]
    public void Of_WithDoubt_IsDrawnToOneHalf() => Assert.AreEqual((5 + 0.5 * 5) / (5 + 5), OrderSkill.Of([4, 1, 3, 2], Standings, doubt: 4), 1e-12);

    [TestMethod]
    public void Of_NothingToCompare_IsOneHalf()
    {
        Assert.AreEqual(0.5, OrderSkill.Of([], [], doubt: 5));
        Assert.AreEqual(0.5, OrderSkill.Of([1, 2], [new(0, double.NaN), new(0, 1)], doubt: 5));
        Assert.AreEqual(0.5, OrderSkill.Of([double.NaN, 2], [new(0, 3), new(0, 1)], doubt: 5));
        Assert.AreEqual(0.5, OrderSkill.Of([1, 2], [new(0, 1), new(0, 1)], doubt: 5));
    }
}
