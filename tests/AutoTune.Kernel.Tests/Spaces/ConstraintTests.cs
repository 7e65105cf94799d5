using static AutoTune.Kernel.Tests.Spaces.DefinitionProblemTests;

namespace AutoTune.Kernel.Tests.Spaces;

[TestClass]
public sealed class ConstraintTests
{
    [TestMethod]
    public void Build_AnImpossibleConstraint_IsReported()
        => AssertProblems(
            space =>
            {
                var rate = space.AddReal("rate", 0, 1);
                space.Require("rate is above 2", configuration => configuration.Get(rate) > 2);
                space.Require("rate is not 0.125", configuration => configuration.Get(rate) != 0.125);
            },
            "Constraint 'rate is above 2': none of 10000 random configurations meets it; loosen it, or narrow the ranges to where it holds.");

    [TestMethod]
    public void Build_ConstraintsThatExcludeEachOther_AreReportedTogether()
        => AssertProblems(
            space =>
            {
                var rate = space.AddReal("rate", 0, 1);
                space.Require("rate is low", configuration => configuration.Get(rate) < 0.4);
                space.Require("rate is high", configuration => configuration.Get(rate) > 0.6);
            },
            "Constraints 'rate is low' and 'rate is high': none of 10000 random configurations meets all of them; loosen one, or narrow the ranges to where they hold.");

    [TestMethod]
    public void Build_AConstraintThatThrows_IsReportedWithItsCause()
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("rate", 0, 1);
        space.Require("a slip", _ => throw new FormatException("no such thing."));
        var error = Assert.ThrowsExactly<SearchSpaceException>(space.Build);
        Assert.AreEqual("Constraint 'a slip' threw FormatException on the configuration (rate=0.5): no such thing. "
            + "A rule must answer for every configuration; read what can be inactive with TryGet.", error.Message);
        Assert.IsInstanceOfType<FormatException>(error.InnerException);
    }

    [TestMethod]
    public void Build_AConstraintThatThrowsOnOneBranchOnly_IsFoundBeforeTheStudyBegins()
    {
        var space = new SearchSpaceBuilder();
        var trainer = space.AddCategorical("trainer", ["trees", "sdca"]);
        var depth = space.AddInteger("depth", 1, 9, activeWhen: trainer.Is("trees"));
        space.Require("trees are shallow", configuration => configuration.Get(depth) < 5);
        space.Require("nothing works", _ => throw new InvalidOperationException("never"));
        var error = Assert.ThrowsExactly<SearchSpaceException>(space.Build);
        Assert.HasCount(2, error.Problems);
        Assert.AreEqual("Constraint 'trees are shallow' threw InvalidOperationException on the configuration (trainer=sdca): "
            + "Hyperparameter 'depth' is inactive in this configuration (trainer=sdca): it exists only when trainer = trees; ask with TryGet. "
            + "A rule must answer for every configuration; read what can be inactive with TryGet.", error.Problems[0]);
        Assert.StartsWith("Constraint 'nothing works' threw InvalidOperationException", error.Problems[1]);
    }

    [TestMethod]
    public void Build_DefaultsThatBreakAConstraint_AreAllowed()
    {
        var builder = new SearchSpaceBuilder();
        var rate = builder.AddReal("rate", 0, 1);
        builder.Require("rate is low", configuration => configuration.Get(rate) < 0.4);
        var space = builder.Build();
        Assert.IsFalse(space.MeetsConstraints(space.Default));
        Assert.AreSequenceEqual(["rate is low"], space.BrokenConstraints(space.Default));
        Assert.AreSequenceEqual(["rate is low"], space.ConstraintNames);
    }

    [TestMethod]
    public void Sample_WithConstraints_GivesOnlyWhatMeetsThem()
    {
        var builder = new SearchSpaceBuilder();
        var low = builder.AddInteger("low", 0, 20);
        var high = builder.AddInteger("high", 0, 20);
        builder.Require("low is below high", configuration => configuration.Get(low) < configuration.Get(high));
        var space = builder.Build();
        var random = new RandomSource(3);
        for (var i = 0; i < 500; i++)
        {
            var configuration = space.Sample(random);
            Assert.IsLessThan(configuration.Get(high), configuration.Get(low));
        }
    }

    [TestMethod]
    public void Require_NoRuleOrNoPredicate_IsRefused()
    {
        var space = new SearchSpaceBuilder();
        Assert.ThrowsExactly<ArgumentException>(() => space.Require(" ", _ => true));
        Assert.ThrowsExactly<ArgumentNullException>(() => space.Require("a rule", null!));
    }
}
