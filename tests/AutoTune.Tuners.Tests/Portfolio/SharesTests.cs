using AutoTune.Tuners.Portfolio;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Portfolio;

[TestClass]
public sealed class SharesTests
{
    // Twenty trials, each worse than the one before.
    private static readonly Standing[] Told = [.. Enumerable.Range(0, 20).Select(i => new Standing(0, i))];

    [TestMethod]
    public void Of_ModelsThatDiffer_GivesMoreToTheOneThatOrdersPairsRight()
    {
        var right = new Member("right", new Model(i => i), 1);
        var guessing = new Member("guessing", new Model(i => i % 2), 1);
        var shares = Shares.Of([guessing, right], Told, new TrialRecord(2), [0, 0]);

        CollectionAssert.AreEqual(new[] { 1, 0 }, shares.Order());
        StringAssert.StartsWith(shares.Reason(1), "it orders 90 % of left-out pairs right, found 0 of 0 new bests in 0 of the latest 0 trials, and is furthest behind its share of ");
    }

    [TestMethod]
    public void Of_TheSameShares_ServesWhoIsFurthestBehind_PendingTrialsCounted()
    {
        Member[] members = [new("a", new RandomLike(), 0.75), new("b", new RandomLike(), 0.25)];
        var record = new TrialRecord(2);
        List<int> turns = [];
        for (var i = 0; i < 8; i++)
        {
            var turn = Shares.Of([.. members], [], record, [0, 0]).Order()[0];
            turns.Add(turn);
            record.Add(turn, new Standing(0, double.NaN));
        }

        CollectionAssert.AreEqual(new[] { 0, 0, 1, 0, 0, 0, 1, 0 }, turns);
        Assert.AreEqual(1, Shares.Of([.. members], [], new TrialRecord(2), [3, 0]).Order()[0]);
    }

    [TestMethod]
    public void Of_AMemberThatFoundMoreThanItsPart_GivesItMore()
    {
        Member[] members = [new("idle", new RandomLike(), 0.5), new("finder", new RandomLike(), 0.5)];
        var record = new TrialRecord(2);
        for (var i = 0; i < 10; i++)
        {
            record.Add(0, new Standing(0, 100));
            record.Add(1, new Standing(0, 50 - i));
        }

        // Of 11 new bests (the very first trial is one) the finder has 10; by trials each would have 5.5. Lifts: 2 / 6.5 and 11 / 6.5.
        var shares = Shares.Of([.. members], [], record, [0, 0]);
        Assert.AreEqual("it found 10 of 11 new bests in 10 of the latest 20 trials, and is furthest behind its share of 85 %", shares.Reason(1));
    }

    [TestMethod]
    public void TrialRecord_AfterManyTrials_ForgetsTheFirst()
    {
        var record = new TrialRecord(1);
        for (var i = 0; i < 100; i++) record.Add(0, new Standing(0, i < 30 ? -i : 0));

        Assert.AreEqual(60, record.Trials[0]);
        Assert.AreEqual(0, record.Bests[0]);
    }

    private sealed class Model(Func<int, double> predict) : RandomLike, ILeftOutPredictor
    {
        public double[] PredictLeftOut() => [.. Enumerable.Range(0, Told.Length).Select(predict)];
    }

    private class RandomLike : ITuner
    {
        public Proposal Ask(AskRequest request) => new Proposal.WaitForResults();

        public void Tell(Trial trial) { }
    }
}
