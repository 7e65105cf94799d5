using System.Collections.Immutable;
using AutoTune.Tuners.Portfolio;
using AutoTune.Tuners.Tpe;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Portfolio;

[TestClass]
public sealed class UsePortfolioTests
{
    [TestMethod]
    public async Task Study_WithAPortfolio_NotesWhoseTrialItIsAndWhy()
    {
        var result = await Bowl(out var loss).UsePortfolio().ForTrials(80).RunAsync(loss);

        var trials = result.View.Trials;
        CollectionAssert.IsSubsetOf(trials.Select(trial => trial.Origin).Distinct().ToList(), new[] { "Gaussian process", "forest", "TPE", "CMA-ES" });
        Assert.IsTrue(trials.Take(50).All(trial => trial.Origin == "Gaussian process" && trial.Tags["because"] == "it opens the study"));
        Assert.IsGreaterThan(1, trials.Skip(50).Select(trial => trial.Origin).Distinct().Count());
        Assert.IsTrue(trials.Skip(50).All(trial => trial.Tags["because"].Contains("new bests in", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Study_WithAPortfolio_FindsTheMinimumOfASmoothFunction()
    {
        var result = await Bowl(out var loss).UsePortfolio().ForTrials(60).RunAsync(loss);
        Assert.IsLessThan(1e-3, result.BestValue);
    }

    [TestMethod]
    public void Ask_WhereAMemberFailsOrHasNothing_AsksTheNext()
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("x", 0, 1);
        var built = space.Build();
        var portfolio = new PortfolioTuner([new Member("broken", new Broken(), 1), new Member("done", new Done(), 1), new Member("TPE", new TpeTuner(built, new TpeOptions(), new RandomSource(1)), 1)]);

        var proposal = (Proposal.Evaluate)portfolio.Ask(Request());
        Assert.AreEqual("TPE", proposal.Origin);
        Assert.AreEqual("broken failed (broken); it opens the study", proposal.Tags!["because"]);
    }

    [TestMethod]
    public void Ask_WhereAllMembersFail_ThrowsTheFirstError()
    {
        var portfolio = new PortfolioTuner([new Member("broken", new Broken(), 1)]);
        Assert.AreEqual("broken", Assert.ThrowsExactly<InvalidOperationException>(() => portfolio.Ask(Request())).Message);
    }

    private static AskRequest Request()
        => new(new TrialId(0), null, ImmutableSortedDictionary<string, string>.Empty, [], new RandomSource(1));

    private static StudyBuilder Bowl(out Func<ITrialContext, double> loss)
    {
        var space = new SearchSpaceBuilder();
        var x = space.AddReal("x", -3, 5);
        var y = space.AddReal("y", -3, 5);
        loss = trial => Math.Pow(trial.Configuration.Get(x) - 1, 2) + Math.Pow(trial.Configuration.Get(y) + 2, 2);
        return new StudyBuilder("bowl").WithSearchSpace(space);
    }

    private sealed class Broken : ITuner
    {
        public Proposal Ask(AskRequest request) => throw new InvalidOperationException("broken");

        public void Tell(Trial trial) { }
    }

    private sealed class Done : ITuner
    {
        public Proposal Ask(AskRequest request) => new Proposal.Exhausted("done");

        public void Tell(Trial trial) { }
    }
}
