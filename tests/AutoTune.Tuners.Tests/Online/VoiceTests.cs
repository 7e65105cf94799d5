using AutoTune.Tuners.Online;

namespace AutoTune.Tuners.Tests.Online;

/// <summary>Who speaks for a model, and who does not.</summary>
[TestClass]
public sealed class VoiceTests
{
    [TestMethod]
    public void Mean_WhereLossesDiffer_IsTheBestOfLate()
    {
        var voice = new Voice(2);
        Assert.IsNull(voice.Mean);
        Hear(voice, 1, .8, .6);
        Assert.AreEqual(1, voice.Mean);
        for (var i = 0; i < 5; i++) Hear(voice, 1, .6, .8);
        Assert.AreEqual(0, voice.Mean);
        for (var i = 0; i < 5; i++) Hear(voice, .5, 1, .8);
        Assert.IsNull(voice.Mean);
        Hear(voice, 1, .1, .1);
        voice.Reset();
        Assert.IsNull(voice.Mean);
    }

    [TestMethod]
    public void Hear_AMeanThatFallsBehind_SaysThatItBeginsAnewAndGivesItTheLeadOfTheShorter()
    {
        var voice = new Voice(2);
        List<int> renewed = [];
        for (var i = 0; i < 20; i++)
        {
            // The long one lags by a tenth and more, with noise that both have in common; the short one is a little better than the last weights.
            var noise = (i % 3 - 1) * .3;
            Assert.IsFalse(voice.Hear(0, 1 + noise, 1 + noise, .98 + noise));
            if (voice.Hear(1, 1 + noise, .98 + noise, (i == 0 ? .9 : 1.1 + .01 * (i % 2)) + noise)) renewed.Add(i);
        }

        Assert.IsGreaterThan(1, renewed.Count);
        Assert.IsLessThanOrEqualTo(10, renewed[0]);
        Assert.AreEqual(0, voice.Mean);
    }

    [TestMethod]
    public void Hear_MeansThatAreEqual_SeldomSaysThatOneBeginsAnew()
    {
        var (voice, random, renewed) = (new Voice(1), new RandomSource(1), 0);
        for (var i = 0; i < 10_000; i++) renewed += voice.Hear(0, 1, 1, 1 + random.NextGaussian()) ? 1 : 0;
        Assert.IsLessThan(200, renewed);
    }

    [TestMethod]
    public void Silence_OfAModelThatIsAboutToDiverge_LeavesTheOthersTheirSay()
    {
        var learner = new LinearLearner();
        using var roster = new Roster<(double[][] X, double[] Y), double[]>(new OnlineOptions(), learner, new Proposals(learner.Space, learner.Space.Default, [learner.Rate]), (_, _, _) => { });
        for (var i = 0; i < 3; i++) roster.Add(learner.Create(learner.Space.Default, new RandomSource(i)), learner.Space.Default, i == 0 ? null : new Move(Origin.Fresh), 0);
        for (var batch = 1; batch <= 3; batch++) roster.Judge([1, 1, 1], new Mixture(), batch, isAfterDrift: false);
        Assert.IsTrue(roster.Models.All(model => model.HasSay));
        roster.Silence(model => model == roster.Models[2].Model ? 2.5 : model == roster.Models[1].Model ? 1.5 : 100, champions: 1, [.4, .3, .3]);
        CollectionAssert.AreEqual((bool[])[true, true, false], roster.Models.Select(model => model.HasSay).ToArray());
    }

    private static void Hear(Voice voice, double last, double shorter, double longer)
    {
        voice.Hear(0, last, last, shorter);
        voice.Hear(1, last, shorter, longer);
    }
}
