namespace AutoTune.Tuners.Tests;

[TestClass]
public sealed class StandingTests
{
    [TestMethod]
    public void CompareTo_OfAllKinds_PutsRequirementsBeforeLossesAndMissingLossesLast()
    {
        Standing[] standings = [new(0, double.NaN), new(3, -9), new(0, 2), new(0.5, 7), new(0, -1)];
        Array.Sort(standings);

        CollectionAssert.AreEqual(new Standing[] { new(0, -1), new(0, 2), new(0.5, 7), new(3, -9), new(0, double.NaN) }, standings);
    }

    [TestMethod]
    public async Task UseCmaEs_WithARequirement_FindsTheBestThatMeetsIt()
    {
        var space = new SearchSpaceBuilder();
        var x = space.AddReal("x", -5, 5);
        var y = space.AddReal("y", -5, 5);

        // Without the requirement the best is (-1, -1); with it, on the line x + y = 1, it is (0.5, 0.5) with loss 4.5.
        var result = await new StudyBuilder("s").WithSearchSpace(space).Require("sum", atLeast: 1).UseCmaEs().ForTrials(200).RunAsync(trial =>
        {
            var (a, b) = (trial.Configuration.Get(x), trial.Configuration.Get(y));
            return new TrialValues((a + 1) * (a + 1) + (b + 1) * (b + 1)).With("sum", a + b);
        });

        Assert.IsTrue(result.Best.MeetsRequirements);
        Assert.AreEqual(4.5, result.BestValue, 0.2);
    }
}
