using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class ChoiceSwapsTests
{
    [TestMethod]
    public async Task UseBayesian_WhereAChoiceIsOnlyGoodWithTheRightNumbers_TriesItWithThem()
    {
        // Value "d" is the best of four, but only near x = 0.8, where the others are good too: one trial of it elsewhere tells nothing.
        var space = new SearchSpaceBuilder();
        var kind = space.AddCategorical("kind", ["a", "b", "c", "d"]);
        var x = space.AddReal("x", 0, 1);
        var result = await new StudyBuilder("s").WithSearchSpace(space).UseBayesian().ForTrials(40).RunAsync(trial =>
        {
            var (label, at) = (trial.Configuration.Get(kind), trial.Configuration.Get(x));
            return 10 * (at - 0.8) * (at - 0.8) - (label == "d" && Math.Abs(at - 0.8) < 0.1 ? 1 : 0) + (label == "d" ? 0.2 : 0);
        });

        Assert.AreEqual("d", result.BestConfiguration.Get(kind));
        var best = result.View.Trials.Where(trial => trial.Id.Number % 6 == 2).Select(trial => trial.Configuration.Get(x)).ToList();
        Assert.IsTrue(best.Exists(value => Math.Abs(value - 0.8) < 0.1));
    }
}
