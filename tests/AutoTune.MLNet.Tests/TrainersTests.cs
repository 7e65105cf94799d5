using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace AutoTune.MLNet.Tests;

[TestClass]
public sealed class TrainersTests
{
    private static readonly MLContext Ml = new(1);
    private static readonly DataProfile Small = new(1000, _ => null);

    [TestMethod]
    public void Options_OfDefaultConfiguration_AreMlNetsOwn()
    {
        AssertDefaults(space => FastTreeSpace.Declare<FastTreeRegressionTrainer.Options>(space));
        AssertDefaults(space => FastTreeSpace.Declare<FastTreeBinaryTrainer.Options>(space));
        AssertDefaults(space => FastForestSpace.Declare<FastForestRegressionTrainer.Options>(space));
        AssertDefaults(space => FastForestSpace.Declare<FastForestBinaryTrainer.Options>(space));
        AssertDefaults(space => SdcaSpace.Declare<SdcaRegressionTrainer.Options>(space));
        AssertDefaults(space => SdcaSpace.Declare<SdcaLogisticRegressionBinaryTrainer.Options>(space));
        AssertDefaults(space => SdcaSpace.Declare<SdcaMaximumEntropyMulticlassTrainer.Options>(space));
        AssertDefaults(space => LbfgsSpace.Declare<LbfgsPoissonRegressionTrainer.Options>(space));
        AssertDefaults(space => LbfgsSpace.Declare<LbfgsLogisticRegressionBinaryTrainer.Options>(space));
        AssertDefaults(space => LbfgsSpace.Declare<LbfgsMaximumEntropyMulticlassTrainer.Options>(space));
        AssertDefaults(space => LightGbmSpace.Declare<LightGbmRegressionTrainer.Options>(space, Small, null, (_, _) => { }), "LearningRate", "NumberOfLeaves", "MinimumExampleCountPerLeaf");
    }

    [TestMethod]
    public void LightGbmBooster_OfDefaultConfiguration_IsMlNetsOwn()
    {
        var space = new SearchSpaceBuilder();
        GradientBooster.Options? booster = null;
        var create = LightGbmSpace.Declare<LightGbmBinaryTrainer.Options>(space, Small, null, (_, chosen) => booster = chosen);
        create(space.Build().Default);
        AssertSame(new GradientBooster.Options(), booster!);
    }

    [TestMethod]
    public void LightGbmDefaults_WithManyRows_FollowTheTrainersRule()
    {
        var space = new SearchSpaceBuilder();
        LightGbmSpace.Declare<LightGbmRegressionTrainer.Options>(space, new DataProfile(200_000, _ => null), null, (_, _) => { });
        Assert.AreEqual("NumberOfIterations=100, NumberOfLeaves=30, MinimumExampleCountPerLeaf=20, LearningRate=0.25, L2Regularization=0.01, FeatureFraction=1, SubsampleFraction=1",
            space.Build().Default.ToString());
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task FirstTrial_OfLightGbmRegression_IsTheUntunedTrainer()
    {
        var data = DataSets.Cars(Ml);
        var split = Ml.Data.TrainTestSplit(data, 0.3, seed: 1);
        var untuned = DataSets.CarFeatures(Ml).Append(Ml.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options { LabelColumnName = "Price", NumberOfThreads = 1 })).Fit(split.TrainSet);
        var expected = Ml.Regression.Evaluate(untuned.Transform(split.TestSet), "Price").RSquared;
        var tuned = await DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().LightGbm("Price"))
            .TuneAsync(Ml, split.TrainSet, tuning => tuning.Regression("Price").ValidateOn(split.TestSet).ForTrials(1));
        Assert.AreEqual(expected, tuned.BestValue, 1e-9);
        Assert.AreEqual(tuned.BestValue, tuned.DefaultsValue);
        Assert.AreEqual(expected, tuned.Evaluate(split.TestSet).RSquared, 1e-9, "the refitted model is the same one");
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task FirstTrial_OfLightGbmMulticlass_IsTheUntunedTrainer()
    {
        var features = Ml.Transforms.Conversion.MapValueToKey("Label", "class").Append(Ml.Transforms.Concatenate("Features", DataSets.WineFeatures));
        var split = Ml.Data.TrainTestSplit(DataSets.Wine(Ml), 0.4, seed: 3);
        var untuned = features.Append(Ml.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options { NumberOfThreads = 1 })).Fit(split.TrainSet);
        var expected = Ml.MulticlassClassification.Evaluate(untuned.Transform(split.TestSet)).LogLoss;
        var tuned = await features.AppendTunable(Ml.MulticlassClassification.Trainers.Tunable().LightGbm())
            .TuneAsync(Ml, split.TrainSet, tuning => tuning.MulticlassClassification().Minimize(metrics => metrics.LogLoss).ValidateOn(split.TestSet).ForTrials(1));
        Assert.AreEqual(expected, tuned.BestValue, 1e-9);
        Assert.AreEqual("LogLoss", tuned.Study.View.Goal.Metric);
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task AnyOf_AllRegressionTrainers_TriesEachBranchAndItsHyperparameters()
    {
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().AnyOf(
            t => t.LightGbm("Price"), t => t.FastTree("Price"), t => t.FastForest("Price"), t => t.Sdca("Price"), t => t.LbfgsPoissonRegression("Price")));
        var tuned = await pipeline.TuneAsync(Ml, DataSets.Cars(Ml), tuning => tuning.Regression("Price").HoldOut().WithEach("FastTree", "FastForest", "Sdca", "LbfgsPoissonRegression").UseRandom().ForTrials(8));
        AssertAllCompletedWithBranches(tuned.Study.View, 5);
        Assert.Contains(trial => trial.Configuration.ToString().StartsWith("Trainer=LightGbm, LightGbm.NumberOfIterations=100", StringComparison.Ordinal), tuned.Study.View.Trials);
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task AnyOf_AllBinaryTrainers_Work()
    {
        var pipeline = DataSets.Malignant(Ml).AppendTunable(Ml.BinaryClassification.Trainers.Tunable().AnyOf(
            t => t.LightGbm(), t => t.FastTree(), t => t.FastForest(), t => t.SdcaLogisticRegression(), t => t.LbfgsLogisticRegression()));
        var tuned = await pipeline.TuneAsync(Ml, DataSets.BreastCancer(Ml), tuning => tuning.BinaryClassification().HoldOut().WithEach("FastTree", "FastForest", "SdcaLogisticRegression", "LbfgsLogisticRegression").UseRandom().ForTrials(8));
        AssertAllCompletedWithBranches(tuned.Study.View, 5);
        Assert.IsGreaterThan(0.95, tuned.BestValue);
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task AnyOf_AllMulticlassTrainers_Work()
    {
        var pipeline = DataSets.IrisFeatures(Ml).AppendTunable(Ml.MulticlassClassification.Trainers.Tunable().AnyOf(
            t => t.LightGbm(), t => t.FastTreeOneVersusAll(), t => t.FastForestOneVersusAll(), t => t.SdcaMaximumEntropy(), t => t.LbfgsMaximumEntropy()));
        var tuned = await pipeline.TuneAsync(Ml, DataSets.Iris(Ml), tuning => tuning.MulticlassClassification().HoldOut().WithEach("FastTreeOneVersusAll", "FastForestOneVersusAll", "SdcaMaximumEntropy", "LbfgsMaximumEntropy").UseRandom().ForTrials(8));
        AssertAllCompletedWithBranches(tuned.Study.View, 5);
        Assert.IsGreaterThan(0.9, tuned.BestValue);
    }

    [TestMethod]
    public void AnyOf_SameTrainerTwice_IsRefusedWithItsName()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Ml.Regression.Trainers.Tunable().AnyOf(t => t.LightGbm(), t => t.LightGbm("Other")));
        Assert.Contains("2 branches named 'LightGbm'", error.Message);
    }

    [TestMethod]
    [NeedsLightGbm]
    public void Configure_WithOwnSettings_ComesLast()
    {
        var space = new SearchSpaceBuilder();
        LightGbmRegressionTrainer.Options? made = null;
        var pipeline = Ml.Regression.Trainers.Tunable().LightGbm("Price", configure: options =>
        {
            options.NumberOfIterations = 7;
            made = options;
        }).Declare(space, Small);
        pipeline.Create(new StepBuild(Ml, space.Build().Default, Threads: 3));
        Assert.AreEqual(7, made!.NumberOfIterations);
        Assert.AreEqual("Price", made.LabelColumnName);
        Assert.AreEqual(3, made.NumberOfThreads);
    }

    private static void AssertAllCompletedWithBranches(StudyView view, int branches)
    {
        foreach (var trial in view.Trials) Assert.AreEqual(TrialState.Completed, trial.State, $"{trial.Configuration}: {trial.Outcome}");
        Assert.HasCount(branches, view.Trials.Select(trial => trial.Configuration.Values[0].Text).Distinct().ToList());
    }

    private static void AssertDefaults<TOptions>(Func<SearchSpaceBuilder, Func<Configuration, TOptions>> declare, params string[] except) where TOptions : class, new()
    {
        var space = new SearchSpaceBuilder();
        var create = declare(space);
        AssertSame(new TOptions(), create(space.Build().Default), except);
    }

    private static void AssertSame<TOptions>(TOptions expected, TOptions actual, params string[] except)
    {
        foreach (var field in typeof(TOptions).GetFields().Where(field => !except.Contains(field.Name) && (field.FieldType.IsValueType || field.FieldType == typeof(string))))
            Assert.AreEqual(field.GetValue(expected), field.GetValue(actual), $"{typeof(TOptions).FullName}.{field.Name}");
    }
}

internal static class TrainerChoiceExtensions
{
    /// <summary>Tries the defaults of each of these branches.</summary>
    public static T WithEach<T>(this T tuning, params string[] trainers) where T : PipelineTuning
        => trainers.Aggregate(tuning, (described, trainer) => described.TryFirst(set => set.Set("Trainer", trainer)));
}
