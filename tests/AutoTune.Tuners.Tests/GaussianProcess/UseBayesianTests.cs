using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class UseBayesianTests
{
    [TestMethod]
    public async Task RunAsync_OfAStudy_FindsTheMaximumAndNamesItsTuner()
    {
        var space = new SearchSpaceBuilder();
        var rate = space.AddReal("rate", 1e-5, 1, Scale.Log);
        var kind = space.AddCategorical<string>("kind", ["a", "b", "c"]);
        var result = await new StudyBuilder("parabola").WithSearchSpace(space).Maximize("value").ForTrials(30).UseBayesian()
            .RunAsync(trial => -Math.Pow(Math.Log10(trial.Configuration.Get(rate)) + 2, 2) - (trial.Configuration.Get(kind) == "b" ? 0 : 0.5));
        Assert.AreEqual("b", result.Best.Configuration.Get(kind));
        Assert.AreEqual(-2, Math.Log10(result.Best.Configuration.Get(rate)), 0.02);
        Assert.AreEqual("Gaussian process", result.Best.Origin);
    }

    [TestMethod]
    public async Task RunAsync_OnAUsedUpSpace_EndsUnlessRepeatsAreAllowed()
    {
        var space = new SearchSpaceBuilder();
        space.AddInteger("n", 1, 6);
        StudyBuilder Study() => new StudyBuilder("finite").WithSearchSpace(space).ForTrials(9).UseBayesian();

        var once = await Study().RunAsync(trial => (int)trial.Configuration.Values[0].Value);
        var repeated = await Study().AllowRepeats().RunAsync(trial => trial.Random.NextDouble());

        Assert.AreEqual("all 6 configurations of the space have been tried", once.StopReason);
        Assert.AreEqual(9, repeated.View.CompletedCount);
    }

    [TestMethod]
    public void UseBayesian_WithAnOptionOutOfRange_NamesIt()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("s").UseBayesian(new GaussianProcessOptions { InitialTrials = 0 }));
        StringAssert.Contains(error.Message, "GaussianProcessOptions.InitialTrials is 0; it must be at least 1");
    }
}
