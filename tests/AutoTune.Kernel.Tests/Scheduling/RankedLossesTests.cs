using AutoTune.Scheduling;

namespace AutoTune.Kernel.Tests.Scheduling;

[TestClass]
public sealed class RankedLossesTests
{
    [TestMethod]
    public void RankedLosses_AfterAddingAndRemovingThousands_AgreeWithASortedList()
    {
        var random = new RandomSource(7);
        var ranked = new RankedLosses();
        var sorted = new List<RankedLoss>();
        for (var i = 0; i < 5000; i++)
        {
            var loss = new RankedLoss(Math.Round(random.NextDouble(), 2), new TrialId(i)); // many equals
            ranked.Add(loss);
            sorted.Add(loss);
            if (i % 3 != 0) continue;
            var gone = sorted[(int)(random.NextDouble() * sorted.Count)];
            ranked.Remove(gone);
            sorted.Remove(gone);
        }

        sorted.Sort();
        Assert.AreEqual(sorted.Count, ranked.Count);
        for (var rank = 0; rank < sorted.Count; rank++)
        {
            Assert.AreEqual(sorted[rank], ranked[rank]);
            Assert.AreEqual(rank, ranked.RankOf(sorted[rank]));
        }

        Assert.AreEqual(sorted.Count(loss => loss.Loss < 0.5), ranked.RankOf(new RankedLoss(0.5, new TrialId(-1))));
        foreach (var loss in sorted) ranked.Remove(loss);
        Assert.AreEqual(0, ranked.Count);
        Assert.AreEqual(0, ranked.RankOf(new RankedLoss(0.5, new TrialId(1))));
    }
}
