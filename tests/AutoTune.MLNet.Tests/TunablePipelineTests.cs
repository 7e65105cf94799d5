using Microsoft.ML;

namespace AutoTune.MLNet.Tests;

[TestClass]
public sealed class TunablePipelineTests
{
    private static readonly MLContext Ml = new(1);

    [TestMethod]
    public void AnyOf_BranchOfSeveralSteps_IsNamedAfterItsTrainer()
    {
        var pipeline = Ml.Regression.Trainers.Tunable().AnyOf(
            t => Ml.Transforms.Tunable().Normalize("Features").AppendTunable(t.Sdca()), t => t.FastTree());
        Assert.AreEqual(
            "Trainer, Sdca.Normalize.Method, Sdca.Regularization, Sdca.L2Regularization, Sdca.L1Regularization, Sdca.ConvergenceTolerance, Sdca.BiasLearningRate, "
            + "FastTree.NumberOfTrees, FastTree.NumberOfLeaves, FastTree.MinimumExampleCountPerLeaf, FastTree.LearningRate, FastTree.FeatureFraction, FastTree.MaximumBinCountPerFeature",
            Names(pipeline));
        var space = SpaceOf(pipeline);
        Assert.AreEqual("Trainer=FastTree, FastTree.NumberOfTrees=100, FastTree.NumberOfLeaves=20, FastTree.MinimumExampleCountPerLeaf=10, FastTree.LearningRate=0.2, FastTree.FeatureFraction=1, FastTree.MaximumBinCountPerFeature=255",
            space.Configure(set => set.Set("Trainer", "FastTree")).ToString());
    }

    [TestMethod]
    public void AppendTunable_SameStepTwice_NumbersTheSecond()
        => Assert.AreEqual("Normalize.Method, Normalize2.Method", Names(Ml.Transforms.Tunable().Normalize("A").AppendTunable(Ml.Transforms.Tunable().Normalize("B"))));

    [TestMethod]
    public void AnyOf_PipelinesOfTheUsersOwn_AreNestedUnderTheChoice()
    {
        var words = Ml.Transforms.Tunable().FeaturizeText("Features", "Text");
        var hash = TunablePipeline.From(space =>
        {
            var bits = space.AddInteger("bits", 8, 16);
            return (ml, configuration) => ml.Transforms.Text.ProduceHashedWordBags("Features", "Text", numberOfBits: configuration.Get(bits));
        });
        var space = SpaceOf(TunablePipeline.AnyOf("Words", ("counted", words), ("hashed", hash)));
        Assert.AreEqual("Words=hashed, hashed.bits=12", space.Configure(set => set.Set("Words", "hashed")).ToString());
        Assert.IsTrue(space.Default.ToString().StartsWith("Words=counted, counted.Text.WordNgramLength=2", StringComparison.Ordinal));
    }

    [TestMethod]
    public void AnyOf_NoBranches_IsRefused()
        => Assert.Contains("'Words' has no branches", Assert.ThrowsExactly<ArgumentException>(() => TunablePipeline.AnyOf("Words")).Message);

    private static string Names(TunablePipeline pipeline) => string.Join(", ", SpaceOf(pipeline).Hyperparameters.Select(h => h.Name));

    private static SearchSpace SpaceOf(TunablePipeline pipeline)
    {
        var space = new SearchSpaceBuilder();
        pipeline.Declare(space, new DataProfile(1000, _ => null));
        return space.Build();
    }
}
