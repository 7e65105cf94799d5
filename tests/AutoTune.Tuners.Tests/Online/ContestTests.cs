using AutoTune.Tuners.Online;

namespace AutoTune.Tuners.Tests.Online;

[TestClass]
public sealed class ContestTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)] // rare large differences
    public void Verdict_OfTwoThatAreAlike_IsWrongNoMoreOftenThanStated(bool isHeavy)
    {
        const int contests = 1000;
        int wins = 0, losses = 0;
        for (var c = 0; c < contests; c++)
        {
            var (random, contest, verdict) = (new RandomSource(c).Fork("alike"), new Contest(), 0);
            for (var i = 0; i < 500 && verdict == 0; i++)
            {
                contest.Add(1, 1 + (isHeavy && random.NextInt(10) > 0 ? 0.02 : 0.1) * random.NextGaussian(), 1);
                verdict = contest.Verdict(0.05);
            }

            wins += verdict > 0 ? 1 : 0;
            losses += verdict < 0 ? 1 : 0;
        }

        Assert.IsLessThanOrEqualTo(0.05, (double)wins / contests);
        Assert.IsLessThanOrEqualTo(0.05, (double)losses / contests);
    }

    [TestMethod]
    public void Verdict_OfAChallengerThatIsBetterByHalfADeviation_IsToldWithinFiftyBatches()
    {
        var told = 0;
        for (var c = 0; c < 200; c++)
        {
            var (random, contest) = (new RandomSource(c).Fork("better"), new Contest());
            for (var i = 0; i < 50 && contest.Verdict(0.05) == 0; i++) contest.Add(1, 0.95 + 0.1 * random.NextGaussian(), 1);
            told += contest.Verdict(0.05) > 0 ? 1 : 0;
        }

        Assert.IsGreaterThan(100, told);
    }

    [TestMethod]
    public void Verdict_OfFiveBatches_FollowsTheFormula()
    {
        // G = sqrt(1/6) (1 - S^2 / (6 V))^(-5/2) reaches 10 at t = 5.09 with four degrees of freedom.
        foreach (var (t, verdict) in ((double, int)[])[(5.05, 0), (5.13, 1), (-5.13, -1)])
        {
            var contest = new Contest();
            foreach (var apart in (double[])[-1, 1, 0, -1, 1]) contest.Add(100, 100 - (t / Math.Sqrt(5) + apart), 100);
            Assert.AreEqual(verdict, contest.Verdict(0.05), $"t {t}");
        }
    }

    [TestMethod]
    public void Verdict_OfAModelThatDiverges_IsToldAtOnce()
    {
        var contest = new Contest();
        for (var i = 0; i < 5; i++) contest.Add(1, Math.Pow(1e10, i + 1), 1);
        Assert.AreEqual(-1, contest.Verdict(0.05));
    }
}
