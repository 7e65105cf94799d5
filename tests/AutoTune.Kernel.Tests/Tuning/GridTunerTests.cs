using AutoTune.Kernel.Tests.Spaces;
using AutoTune.Tuning;

namespace AutoTune.Kernel.Tests.Tuning;

[TestClass]
public sealed class GridTunerTests
{
    [TestMethod]
    public void Ask_FlatSpace_VisitsEachCombinationOnceTheLastFastest()
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("rate", 1e-4, 1, Scale.Log);
        space.AddInteger("width", 1, 100);
        space.AddCategorical("trainer", ["a", "b", "c", "d"]);
        var visited = Ask.UntilExhausted(new GridTuner(space.Build(), resolution: 3));
        Assert.HasCount(3 * 3 * 4, visited);
        Assert.HasCount(3 * 3 * 4, visited.Distinct());
        Assert.AreSequenceEqual(
            ["rate=0.0001, width=1, trainer=a", "rate=0.0001, width=1, trainer=b", "rate=0.0001, width=1, trainer=c", "rate=0.0001, width=1, trainer=d", "rate=0.0001, width=51, trainer=a"],
            visited.Take(5).Select(c => c.ToString()));
        Assert.AreEqual("rate=1, width=100, trainer=d", visited[^1].ToString());
    }

    [TestMethod]
    public void Ask_ConditionalSpace_VisitsChildrenOnlyWhereTheyAreActive()
    {
        var space = new SearchSpaceBuilder();
        var trainer = space.AddCategorical("trainer", ["a", "b", "c"]);
        var depth = space.AddInteger("depth", 1, 3, activeWhen: trainer.Is("a"));
        space.AddBoolean("extra", activeWhen: depth.Is(2));
        space.AddReal("penalty", 0, 1, step: 0.5, activeWhen: trainer.Is("b"));
        Assert.AreSequenceEqual(
            [
                "trainer=a, depth=1", "trainer=a, depth=2, extra=false", "trainer=a, depth=2, extra=true", "trainer=a, depth=3",
                "trainer=b, penalty=0", "trainer=b, penalty=0.5", "trainer=b, penalty=1",
                "trainer=c",
            ],
            Ask.UntilExhausted(new GridTuner(space.Build(), resolution: 5)).Select(c => c.ToString()));
    }

    [TestMethod]
    public void Ask_FiniteSpaceAtFullResolution_VisitsAsManyAsItsCardinality()
    {
        var builder = new SearchSpaceBuilder();
        var trainer = builder.AddCategorical("trainer", ["a", "b", "c", "d"]);
        builder.AddInteger("of a", 1, 9, Scale.Log, activeWhen: trainer.Is("a"));
        var both = builder.AddBoolean("of a and b", activeWhen: trainer.Is("a", "b"));
        builder.AddInteger("deeper", -2, 2, activeWhen: both.Is(true));
        builder.AddReal("apart", 0, 1, step: 0.125);
        var space = builder.Build();
        var visited = Ask.UntilExhausted(new GridTuner(space, resolution: 9));
        Assert.AreEqual(space.Cardinality(), visited.Distinct().Count());
        Assert.HasCount((int)space.Cardinality()!, visited);
    }

    [TestMethod]
    [DataRow(1, "5")]
    [DataRow(2, "0 9")]
    [DataRow(3, "0 5 9")]
    [DataRow(4, "0 3 6 9")]
    [DataRow(10, "0 1 2 3 4 5 6 7 8 9")]
    [DataRow(99, "0 1 2 3 4 5 6 7 8 9")]
    public void Ask_Integers_AreSpreadFromEndToEnd(int resolution, string values)
    {
        var builder = new SearchSpaceBuilder();
        var width = builder.AddInteger("width", 0, 9);
        Assert.AreEqual(values, string.Join(' ', Ask.UntilExhausted(new GridTuner(builder.Build(), resolution)).Select(c => c.Get(width))));
    }

    [TestMethod]
    public void Ask_ALogRange_IsSpreadByEqualFactors()
    {
        var builder = new SearchSpaceBuilder();
        var rate = builder.AddReal("rate", 1e-4, 1, Scale.Log);
        var values = Ask.UntilExhausted(new GridTuner(builder.Build(), 5)).Select(c => c.Get(rate)).ToList();
        Assert.HasCount(5, values);
        for (var i = 0; i < 5; i++) Assert.AreEqual(1, values[i] / Math.Pow(10, i - 4), 1e-12);
    }

    [TestMethod]
    public void Ask_WithConstraints_SkipsWhatBreaksThem()
    {
        var builder = new SearchSpaceBuilder();
        var low = builder.AddInteger("low", 0, 9);
        var high = builder.AddInteger("high", 0, 9);
        builder.Require("low is below high", c => c.Get(low) < c.Get(high));
        var visited = Ask.UntilExhausted(new GridTuner(builder.Build(), 10));
        Assert.HasCount(45, visited);
        Assert.HasCount(45, visited.Distinct());
        Assert.IsTrue(visited.All(c => c.Get(low) < c.Get(high)));
    }

    [TestMethod]
    public void Ask_AtTheEnd_SaysThatItIsExhausted()
    {
        var space = new SearchSpaceBuilder();
        space.AddBoolean("flag");
        var tuner = new GridTuner(space.Build(), 5);
        Assert.HasCount(2, Ask.UntilExhausted(tuner));
        Assert.AreEqual(new Proposal.Exhausted("every point of the grid has been tried"), tuner.Ask(Ask.Request(2)));
        Assert.AreEqual(new Proposal.Exhausted("every point of the grid has been tried"), tuner.Ask(Ask.Request(3)));
    }

    [TestMethod]
    public void Ask_EmptySpace_ProposesItsOnlyConfiguration()
        => Assert.AreSequenceEqual(["(nothing to tune)"], Ask.UntilExhausted(new GridTuner(SearchSpace.Empty, 5)).Select(c => c.ToString()));

    [TestMethod]
    public void Tell_AReplayInAnyOrder_ContinuesAtTheSamePlace()
    {
        var space = ConditionalSpaces.OfEveryKind();
        var tuner = new GridTuner(space, 3);
        var visited = Ask.UntilExhausted(tuner, most: 300);
        var next = Ask.UntilExhausted(tuner, from: 300, most: 20);
        foreach (var order in new[] { visited, [.. visited.AsEnumerable().Reverse()] })
        {
            var replayed = new GridTuner(space, 3);
            for (var i = 0; i < order.Count; i++) replayed.Tell(Ask.Finished(i, order[i]));
            Assert.AreSequenceEqual(next, Ask.UntilExhausted(replayed, from: 300, most: 20));
        }
    }

    [TestMethod]
    public void Ask_WhatIsPendingOrWasTriedByOthers_IsLeftOut()
    {
        var builder = new SearchSpaceBuilder();
        var width = builder.AddInteger("width", 0, 5);
        var space = builder.Build();
        Configuration At(int value) => space.Configure(set => set.Set(width, value));
        var tuner = new GridTuner(space, 6);
        tuner.Tell(Ask.Finished(0, At(1)));
        Trial[] pending = [new() { Id = new TrialId(1), Configuration = At(0) }, new() { Id = new TrialId(2), Configuration = At(2) }];
        Assert.AreEqual(new Proposal.Evaluate(At(3)), tuner.Ask(Ask.Request(3, pending)));
        Assert.AreEqual(new Proposal.Evaluate(At(3)), tuner.Ask(Ask.Request(3, pending)));
        tuner.Tell(Ask.Finished(2, At(2)));
        Assert.AreEqual(new Proposal.Evaluate(At(0)), tuner.Ask(Ask.Request(3)));
        tuner.Tell(Ask.Finished(1, At(0)));
        Assert.AreSequenceEqual([3, 4, 5], Ask.UntilExhausted(tuner, from: 3).Select(c => c.Get(width)));
    }

    [TestMethod]
    public void Ask_AMillionPoints_NeedsMemoryForNone()
    {
        var builder = new SearchSpaceBuilder();
        for (var i = 0; i < 6; i++) builder.AddReal($"x{i}", 0, 1);
        var tuner = new GridTuner(builder.Build(), 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var trials = 0;
        while (tuner.Ask(Ask.Request(trials)) is Proposal.Evaluate { Configuration: var configuration }) tuner.Tell(Ask.Finished(trials++, configuration));
        Assert.AreEqual(1_000_000, trials);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.IsLessThan(20_000_000, grown); // other tests run beside this one
        GC.KeepAlive(tuner);
    }

    [TestMethod]
    public void Ask_AGridThatNeverMeetsItsConstraint_FailsWithAReasonInsteadOfForEver()
    {
        var builder = new SearchSpaceBuilder();
        var all = Enumerable.Range(0, 9).Select(i => builder.AddReal($"x{i}", 0, 1)).ToArray();
        builder.Require("x8 is near a third", c => Math.Abs(c.Get(all[8]) - 0.35) < 0.01);
        var space = builder.Build();
        var error = Assert.ThrowsExactly<SearchSpaceException>(() => new GridTuner(space, 10));
        Assert.AreEqual("Constraints 'x8 is near a third': 1000000 points of the grid in a row do not meet them; use another resolution, or random search.", error.Message);
    }
}
