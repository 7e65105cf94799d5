using AutoTune.Kernel.Tests.Spaces;
using AutoTune.Tuning;

namespace AutoTune.Kernel.Tests.Tuning;

[TestClass]
public sealed class RandomAndQuasiRandomTunerTests
{
    [TestMethod]
    public void RandomAsk_ATrial_GivesTheSampleOfItsOwnRandomness()
    {
        var space = ConditionalSpaces.OfEveryKind();
        var tuner = new RandomTuner(space);
        for (var number = 0; number < 20; number++)
            Assert.AreEqual(new Proposal.Evaluate(space.Sample(Ask.Request(number).Random)), tuner.Ask(Ask.Request(number)));
    }

    [TestMethod]
    public void QuasiRandomAsk_TheSameTrialAndSeed_GivesTheSameWhateverWasTold()
    {
        var space = ConditionalSpaces.OfEveryKind();
        var first = new QuasiRandomTuner(space, new RandomSource(1));
        var second = new QuasiRandomTuner(space, new RandomSource(1));
        var visited = Ask.UntilExhausted(first, most: 50);
        Assert.AreEqual(new Proposal.Evaluate(visited[49]), second.Ask(Ask.Request(49)));
        Assert.AreEqual(new Proposal.Evaluate(visited[0]), second.Ask(Ask.Request(0)));
        Assert.IsLessThan(5, visited.Zip(Ask.UntilExhausted(new QuasiRandomTuner(space, new RandomSource(2)), most: 50)).Count(pair => pair.First.Equals(pair.Second)));
    }

    [TestMethod]
    public void QuasiRandomAsk_PowersOfTwo_VisitEachLevelEquallyOften()
    {
        var builder = new SearchSpaceBuilder();
        var choice = builder.AddCategorical("choice", ["a", "b", "c", "d"]);
        var rate = builder.AddReal("rate", 1e-8, 1, Scale.Log);
        var visited = Ask.UntilExhausted(new QuasiRandomTuner(builder.Build(), new RandomSource(1)), most: 64);
        Assert.AreSequenceEqual([16, 16, 16, 16], visited.CountBy(c => c.Get(choice)).OrderBy(pair => pair.Key).Select(pair => pair.Value));
        Assert.AreSequenceEqual(Enumerable.Repeat(8, 8), visited.CountBy(c => Math.Floor(Math.Log10(c.Get(rate)))).OrderBy(pair => pair.Key).Select(pair => pair.Value));
    }

    [TestMethod]
    public void QuasiRandomAsk_WithAConstraint_KeepsThePointsThatMeetIt()
    {
        static SearchSpace Space(bool isConstrained)
        {
            var builder = new SearchSpaceBuilder();
            var x = builder.AddReal("x", 0, 1);
            builder.AddReal("y", 0, 1);
            if (isConstrained) builder.Require("x is low", c => c.Get(x) < 0.5);
            return builder.Build();
        }

        var free = Ask.UntilExhausted(new QuasiRandomTuner(Space(false), new RandomSource(1)), most: 128);
        var bound = Ask.UntilExhausted(new QuasiRandomTuner(Space(true), new RandomSource(1)), most: 128);
        Assert.HasCount(64, free.Intersect(bound));
        Assert.IsTrue(bound.All(c => c.Space.MeetsConstraints(c)));
    }

    [TestMethod]
    public void QuasiRandomAsk_EmptySpace_ProposesItsOnlyConfiguration()
        => Assert.AreEqual(new Proposal.Evaluate(SearchSpace.Empty.Default), new QuasiRandomTuner(SearchSpace.Empty, new RandomSource(1)).Ask(Ask.Request(0)));
}
