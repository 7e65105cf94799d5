using static AutoTune.Kernel.Tests.Spaces.DefinitionProblemTests;

namespace AutoTune.Kernel.Tests.Spaces;

[TestClass]
public sealed class ConditionTests
{
    [TestMethod]
    public void Add_AChildBeforeItsParent_IsReported()
    {
        var elsewhere = new SearchSpaceBuilder().AddBoolean("flag");
        AssertProblems(
            space => { space.AddReal("child", 0, 1, activeWhen: elsewhere.Is(true)); space.AddBoolean("flag"); },
            "Hyperparameter 'child': its parent 'flag' is not declared before it in this space; declare parents first.");
    }

    [TestMethod]
    public void Add_AConditionOnWhatItsParentCannotBe_IsReported()
        => AssertProblems(
            space =>
            {
                var trainer = space.AddCategorical("trainer", ["sdca", "lbfgs"]);
                var layers = space.AddInteger("layers", 1, 4);
                space.AddReal("a", 0, 1, activeWhen: trainer.Is("sdca", "lightgbm"));
                space.AddReal("b", 0, 1, activeWhen: layers.Is(5));
                space.AddReal("c", 0, 1, activeWhen: trainer.Is());
            },
            "Hyperparameter 'a': its condition names 'lightgbm', which is not a value of 'trainer' (sdca, lbfgs); name values that it can have.",
            "Hyperparameter 'b': its condition names '5', which is not a value of 'layers' (whole numbers from 1 to 4); name values that it can have.",
            "Hyperparameter 'c': its condition on 'trainer' names no value, so it could never be active; name at least one.");

    [TestMethod]
    public void Add_AConditionOnARealNumber_IsReportedOnce()
        => AssertProblems(
            space => space.AddBoolean("child", activeWhen: space.AddReal("rate", 0, 1).Is(7)),
            "Hyperparameter 'child': its parent 'rate' is a real number; a parent must be a choice, a boolean or an integer.");

    [TestMethod]
    public void Add_InANestUnderAConditionBesideIt_IsReported()
        => AssertProblems(
            space =>
            {
                var trainer = space.AddCategorical("trainer", ["sdca", "trees"]);
                var fast = space.AddBoolean("fast");
                space.Nest("trees", trainer.Is("trees")).AddInteger("depth", 1, 9, activeWhen: fast.Is(true));
            },
            "Hyperparameter 'trees.depth': its condition (fast = true) leaves the condition of its nest (trainer = trees) out; "
            + "put it on a hyperparameter of that nest, or declare it outside.");

    [TestMethod]
    public void Nest_InANestUnderAConditionBesideIt_IsReported()
        => AssertProblems(
            space =>
            {
                var trainer = space.AddCategorical("trainer", ["sdca", "trees"]);
                var fast = space.AddBoolean("fast");
                space.Nest("trees", trainer.Is("trees")).Nest("fast", fast.Is(true)).AddInteger("depth", 1, 9);
            },
            "Hyperparameter 'trees.fast.depth': its condition (fast = true) leaves the condition of its nest (trainer = trees) out; "
            + "put it on a hyperparameter of that nest, or declare it outside.");

    [TestMethod]
    public void Nest_WithinNests_IsActiveOnlyWhereAllOfThemAre()
    {
        var builder = new SearchSpaceBuilder();
        var trainer = builder.AddCategorical("trainer", ["sdca", "trees"]);
        var trees = builder.Nest("trees", trainer.Is("trees"));
        var boosting = trees.AddCategorical("boosting", ["plain", "dart"]);
        var dart = trees.Nest("dart", boosting.Is("dart"));
        var drop = dart.AddReal("drop", 0, 1);
        var narrower = trees.Nest("again", trainer.Is("trees")).AddBoolean("flag");
        var space = builder.Build();

        Assert.AreSequenceEqual(["trainer", "trees.boosting", "trees.dart.drop", "trees.again.flag"], space.Hyperparameters.Select(h => h.Name));
        var random = new RandomSource(5);
        for (var i = 0; i < 200; i++)
        {
            var configuration = space.Sample(random);
            Assert.AreEqual(configuration.Get(trainer) == "trees", configuration.IsActive(boosting));
            Assert.AreEqual(configuration.Get(trainer) == "trees", configuration.IsActive(narrower));
            Assert.AreEqual(configuration.TryGet(boosting, out var value) && value == "dart", configuration.IsActive(drop));
        }
    }

    [TestMethod]
    public void Sample_AnIntegerParent_DecidesByItsValue()
    {
        var builder = new SearchSpaceBuilder();
        var layers = builder.AddInteger("layers", 1, 3);
        var second = builder.AddInteger("second", 8, 64, activeWhen: layers.Is(2, 3));
        var third = builder.AddInteger("third", 8, 64, activeWhen: layers.Is(3));
        var space = builder.Build();
        var random = new RandomSource(5);
        var seen = new SortedSet<int>();
        for (var i = 0; i < 100; i++)
        {
            var configuration = space.Sample(random);
            seen.Add(configuration.Get(layers));
            Assert.AreEqual(configuration.Get(layers) >= 2, configuration.IsActive(second));
            Assert.AreEqual(configuration.Get(layers) == 3, configuration.IsActive(third));
        }

        Assert.AreSequenceEqual([1, 2, 3], seen);
    }

    [TestMethod]
    public void ToString_SeveralValues_ReadsAsASentence()
    {
        var trainer = new SearchSpaceBuilder().AddCategorical("trainer", ["sdca", "trees", "lbfgs"]);
        Assert.AreEqual("trainer = sdca or lbfgs", trainer.Is("sdca", "lbfgs").ToString());
    }
}
