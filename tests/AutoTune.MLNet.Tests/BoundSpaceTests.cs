using Microsoft.ML.SearchSpace;
using Microsoft.ML.Trainers.LightGbm;

namespace AutoTune.MLNet.Tests;

[TestClass]
public sealed class BoundSpaceTests
{
    [TestMethod]
    public void Create_MembersOfEveryKind_AreWritten()
    {
        var builder = new SearchSpaceBuilder();
        var bound = builder.Bind<LightGbmRegressionTrainer.Options>()
            .Integer(o => o.NumberOfLeaves, 4, 512, Scale.Log)
            .Real(o => o.LearningRate, 0.01, 0.5, Scale.Log)
            .Boolean(o => o.UseZeroAsMissingValue)
            .Choice(o => o.EvaluationMetric, [LightGbmRegressionTrainer.Options.EvaluateMetricType.MeanAbsoluteError, LightGbmRegressionTrainer.Options.EvaluateMetricType.RootMeanSquaredError]);
        var options = bound.Create(builder.Build().Configure(set => set.Set("NumberOfLeaves", 77).Set("LearningRate", 0.125).Set("UseZeroAsMissingValue", true).Set("EvaluationMetric", "MeanAbsoluteError")));
        Assert.AreEqual(77, options.NumberOfLeaves);
        Assert.AreEqual(0.125, options.LearningRate);
        Assert.IsTrue(options.UseZeroAsMissingValue);
        Assert.AreEqual(LightGbmRegressionTrainer.Options.EvaluateMetricType.MeanAbsoluteError, options.EvaluationMetric);
    }

    [TestMethod]
    public void Defaults_OfMembers_AreTheirInitialValues()
    {
        var builder = new SearchSpaceBuilder();
        builder.Bind<Mine>().Real(o => o.Rate, 0.001, 1, Scale.Log).Integer(o => o.Inner.Depth, 1, 9).Choice(o => o.Kind, ["a", "b", "c"]).Integer(o => o.Far, 1, 3);
        Assert.AreEqual("Rate=0.1, Inner.Depth=4, Kind=b, Far=2", builder.Build().Default.ToString());
    }

    [TestMethod]
    public void Create_NestedMember_LeavesTheRestOfItsObject()
    {
        var builder = new SearchSpaceBuilder();
        var bound = builder.Bind<Mine>().Integer(o => o.Inner.Depth, 1, 9);
        var options = bound.Create(builder.Build().Configure(set => set.Set("Inner.Depth", 8)));
        Assert.AreEqual(8, options.Inner.Depth);
        Assert.AreEqual(5, options.Inner.Width);
    }

    [TestMethod]
    public void Create_InactiveMember_KeepsItsInitialValue()
    {
        var builder = new SearchSpaceBuilder();
        var on = builder.AddBoolean("on");
        var bound = builder.Bind<Mine>().Real(o => o.Rate, 0.5, 1, activeWhen: on.Is(true));
        Assert.AreEqual(0.1f, bound.Create(builder.Build().Default).Rate);
    }

    [TestMethod]
    public void Bind_NotAMember_SaysWhatToWrite()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new SearchSpaceBuilder().Bind<Mine>().Real(o => o.Rate * 2, 0, 1));
        Assert.Contains("does not lead to a member of Mine; write a field or property", error.Message);
        Assert.Contains("cannot be written", Assert.ThrowsExactly<ArgumentException>(() => new SearchSpaceBuilder().Bind<Mine>().Integer(o => o.Fixed, 0, 1)).Message);
    }

    [TestMethod]
    public void BindAttributes_AllFour_DeclareAndWrite()
    {
        var builder = new SearchSpaceBuilder();
        var bound = builder.BindAttributes<Marked>();
        var space = builder.Build();
        Assert.AreEqual("Rate=0.01, Trees=50, Kind=fast, UseIt=true, Nested.Depth=3", space.Default.ToString());
        Assert.AreEqual(new RealDomain(0.001, 0.1, Scale.Log), space.Hyperparameters[0].Domain);
        var options = bound.Create(space.Configure(set => set.Set("Trees", 99).Set("Kind", "slow").Set("Nested.Depth", 7)));
        Assert.AreEqual((0.01f, 99, "slow", true, 7), (options.Rate, options.Trees, options.Kind, options.UseIt, options.Nested!.Depth));
    }

    [TestMethod]
    public void BindAttributes_WrongTypes_AreAllListed()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new SearchSpaceBuilder().BindAttributes<Wrong>());
        Assert.Contains("[Range] on 'Name' does not go with its type String", error.Message);
        Assert.Contains("[NestOption] on 'Self': Wrong contains itself", error.Message);
        Assert.Contains("has no member with [Range]", Assert.ThrowsExactly<ArgumentException>(() => new SearchSpaceBuilder().BindAttributes<Mine>()).Message);
    }

    private sealed class Mine
    {
        public float Rate = 0.1f;
        public InnerOptions Inner { get; set; } = new();
        public string Kind { get; set; } = "b";
        public long? Far { get; set; }
        public int Fixed { get; } = 1;
    }

    private sealed class InnerOptions
    {
        public int Depth { get; set; } = 4;
        public int Width { get; set; } = 5;
    }

    private sealed class Marked
    {
        [Range(0.001f, 0.1f, 0.01f, true)]
        public float Rate = 0;

        [Range(10, 100, 50, false)]
        public int? Trees { get; set; }

        [Choice(["slow", "fast"], "fast")]
        public string Kind { get; set; } = "";

        [BooleanChoice(true)]
        public bool UseIt { get; set; }

        [NestOption]
        public MarkedInner? Nested { get; set; }
    }

    private sealed class MarkedInner
    {
        [Range(1, 9, 3, false)]
        public int Depth { get; set; }
    }

    private sealed class Wrong
    {
        [Range(1, 2, 1, false)]
        public string Name { get; set; } = "";

        [NestOption]
        public Wrong? Self { get; set; }
    }
}
