namespace AutoTune.Kernel.Tests.Spaces;

[TestClass]
public sealed class SearchSpaceTests
{
    [TestMethod]
    public void Cardinality_FlatSpace_IsTheProduct()
    {
        var space = new SearchSpaceBuilder();
        space.AddInteger("a", 1, 4);
        space.AddReal("b", 0, 1, step: 0.25);
        space.AddBoolean("c");
        space.AddInteger("d", 1, 1000, Scale.Log);
        Assert.AreEqual(4L * 5 * 2 * 1000, space.Build().Cardinality());
        Assert.AreEqual(1L, SearchSpace.Empty.Cardinality());
    }

    [TestMethod]
    public void Cardinality_ConditionalTree_CountsWhatCanBeActiveTogether()
    {
        var space = new SearchSpaceBuilder();
        var trainer = space.AddCategorical("trainer", ["a", "b", "c", "d"]);
        space.AddInteger("of a", 1, 3, activeWhen: trainer.Is("a"));
        var both = space.AddBoolean("of a and b", activeWhen: trainer.Is("a", "b"));
        space.AddInteger("deeper", 1, 5, activeWhen: both.Is(true));
        space.AddInteger("apart", 1, 7);
        // a: 3 x (1 + 5); b: 1 + 5; c and d: 1 each.
        Assert.AreEqual((18L + 6 + 1 + 1) * 7, space.Build().Cardinality());
    }

    [TestMethod]
    public void Cardinality_AContinuum_IsUnknown()
    {
        var space = new SearchSpaceBuilder();
        var on = space.AddBoolean("on");
        space.AddReal("rate", 0, 1, activeWhen: on.Is(true));
        Assert.IsNull(space.Build().Cardinality());
    }

    [TestMethod]
    public void Cardinality_MoreThan2To53_IsUnknown()
    {
        var space = new SearchSpaceBuilder();
        space.AddInteger("a", int.MinValue, int.MaxValue);
        Assert.AreEqual(1L << 32, space.Build().Cardinality());
        space.AddInteger("b", 1, 1 << 21);
        Assert.AreEqual(1L << 53, space.Build().Cardinality());
        space.AddBoolean("c");
        Assert.IsNull(space.Build().Cardinality());
    }

    [TestMethod]
    public void Cardinality_ALongChainOfIntegerParents_IsCountedAtOnce()
    {
        var space = new SearchSpaceBuilder();
        var parent = space.AddInteger("level 0", 0, 99);
        for (var level = 1; level <= 12; level++)
            parent = space.AddInteger($"level {level}", 0, 99, activeWhen: parent.Is([.. Enumerable.Range(0, 100)]));
        Assert.IsNull(space.Build().Cardinality());
    }

    [TestMethod]
    public void Cardinality_SmallConditionalSpace_IsTheNumberOfDistinctSamples()
    {
        var builder = new SearchSpaceBuilder();
        var layers = builder.AddInteger("layers", 0, 2);
        builder.AddOrdered("first", [8, 16, 32], activeWhen: layers.Is(1, 2));
        var second = builder.AddOrdered("second", [8, 16], activeWhen: layers.Is(2));
        builder.AddReal("drop", 0, 0.5, step: 0.25, activeWhen: second.Is(16));
        var space = builder.Build();
        var random = new RandomSource(1);
        Assert.AreEqual(space.Cardinality(), Enumerable.Range(0, 2000).Select(_ => space.Sample(random)).ToHashSet().Count);
        Assert.AreEqual(1L + 3 + 3 * (1 + 3), space.Cardinality());
    }

    [TestMethod]
    public void DifferencesFrom_TheSameDefinition_AreNone()
        => Assert.IsEmpty(ConditionalSpaces.OfEveryKind().DifferencesFrom(ConditionalSpaces.OfEveryKind()));

    [TestMethod]
    public void DifferencesFrom_AConditionInAnotherOrder_AreNone()
    {
        static SearchSpace Space(params string[] values)
        {
            var builder = new SearchSpaceBuilder();
            var trainer = builder.AddCategorical("trainer", ["a", "b", "c"]);
            builder.AddBoolean("flag", activeWhen: trainer.Is(values));
            return builder.Build();
        }

        Assert.IsEmpty(Space("a", "b").DifferencesFrom(Space("b", "a")));
        Assert.AreSequenceEqual(
            ["'flag' exists when trainer = a or b in the first, when trainer = a or c in the second"], Space("a", "b").DifferencesFrom(Space("a", "c")));
    }

    [TestMethod]
    public void DifferencesFrom_AnotherSpace_NamesEach()
    {
        var one = new SearchSpaceBuilder();
        one.AddReal("rate", 1e-4, 1, Scale.Log);
        one.AddInteger("width", 1, 9);
        one.AddCategorical("trainer", ["a", "b"]);
        one.AddBoolean("old");
        one.AddBoolean("flag");
        one.AddBoolean("same");
        one.Require("rule", _ => true);

        var other = new SearchSpaceBuilder();
        other.AddReal("rate", 1e-4, 1);
        other.AddInteger("width", 1, 9, step: 2);
        var trainer = other.AddOrdered("trainer", ["a", "b"]);
        other.AddBoolean("same");
        other.AddBoolean("flag", activeWhen: trainer.Is("a"));
        other.AddBoolean("new");

        Assert.AreEqual(string.Join('\n',
            "'rate' is from 0.0001 to 1, log scale in the first, from 0.0001 to 1 in the second",
            "'width' is whole numbers from 1 to 9 in the first, whole numbers from 1 to 9 in steps of 2 in the second",
            "'trainer' is a, b in the first, in order a, b in the second",
            "'old' is only in the first",
            "'flag' exists always in the first, when trainer = a in the second",
            "'same' is number 6 in the first, number 4 in the second",
            "'new' is only in the second",
            "constraints: [rule] in the first, [] in the second"), string.Join('\n', one.Build().DifferencesFrom(other.Build())));
    }

    [TestMethod]
    public void Sample_TheSameSeed_GivesTheSameConfigurations()
    {
        var space = ConditionalSpaces.OfEveryKind();
        var (first, second, third) = (new RandomSource(4), new RandomSource(4), new RandomSource(5));
        var differs = false;
        for (var i = 0; i < 50; i++)
        {
            var configuration = space.Sample(first);
            Assert.AreEqual(configuration, space.Sample(second));
            differs |= !configuration.Equals(space.Sample(third));
        }

        Assert.IsTrue(differs);
    }

    [TestMethod]
    public void Sample_ARangeOnEachScale_IsEvenOnThatScale()
    {
        var builder = new SearchSpaceBuilder();
        var linear = builder.AddReal("linear", -2, 2);
        var log = builder.AddReal("log", 1e-4, 1e4, Scale.Log);
        var whole = builder.AddInteger("whole", 0, 3);
        var space = builder.Build();
        var random = new RandomSource(8);
        const int Count = 40_000;
        var (linearBins, logBins, wholeBins) = (new int[4], new int[4], new int[4]);
        for (var i = 0; i < Count; i++)
        {
            var configuration = space.Sample(random);
            linearBins[(int)Math.Floor(configuration.Get(linear)) + 2]++;
            logBins[(int)Math.Floor(Math.Log10(configuration.Get(log)) / 2) + 2]++;
            wholeBins[configuration.Get(whole)]++;
        }

        // Four standard deviations of a binomial count.
        var tolerance = 4 * Math.Sqrt(Count * 0.25 * 0.75);
        foreach (var bin in linearBins.Concat(logBins).Concat(wholeBins)) Assert.AreEqual(Count / 4.0, bin, tolerance);
    }
}
