using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet.Tests;

/// <summary>What bad input gets: a message that names the thing, its value, the rule and the remedy, before anything is fitted.</summary>
[TestClass]
public sealed class BadInputTests
{
    private static readonly MLContext Ml = new(1);
    private static readonly IDataView Cars = DataSets.Cars(Ml);
    private static readonly TunablePipeline Pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().FastTree("Price"));

    [TestMethod]
    public async Task MissingLabel_NamesItAndTheNearest()
    {
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().FastTree("price"));
        var problems = await Problems(pipeline, Cars, tuning => tuning.Regression("price").ForTrials(1));
        AssertOnly("label column 'price' is not in the training data, nor made by the pipeline; did you mean 'Price'?", problems);
    }

    [TestMethod]
    public async Task LabelOfWrongType_ThatTheTrainerRefuses_IsSaidOnceWithTheRemedy()
    {
        var pipeline = Ml.Transforms.Concatenate("Features", "Carat").AppendTunable(Ml.Regression.Trainers.Tunable().FastTree("Cut"));
        AssertOnly("Label column 'Cut' is String; regression needs Single. Load it as a number (DataKind.Single, float), "
            + "or begin the pipeline with ml.Transforms.Conversion.ConvertType(\"Cut\").", await Problems(pipeline, DataSets.Diamonds(Ml), tuning => tuning.Regression("Cut").ForTrials(1)));
    }

    [TestMethod]
    public async Task LabelThatALaterStepConverts_IsNotBlamedForAnotherProblem()
    {
        var pipeline = Ml.Transforms.Concatenate("Features", "Milage").AppendTunable(Ml.Transforms.Tunable().Normalize("Features"))
            .Append(Ml.Transforms.Conversion.MapValueToKey("Label", "species")).AppendTunable(Ml.MulticlassClassification.Trainers.Tunable().SdcaMaximumEntropy());
        var problems = await Problems(pipeline, DataSets.Iris(Ml), tuning => tuning.MulticlassClassification().ForTrials(1));
        Assert.Contains("Could not find input column 'Milage'", problems);
        Assert.DoesNotContain("abel column", problems);
    }

    [TestMethod]
    public async Task TrainerOfAnotherLabel_IsRefused()
    {
        var carat = Ml.Transforms.Concatenate("Features", "Depth").AppendTunable(Ml.Regression.Trainers.Tunable().AnyOf(t => t.FastTree("Price"), t => t.Sdca("Carat")));
        AssertOnly("the trainer Sdca learns column 'Carat', but the task predicts 'Price'; give both the same label.",
            await Problems(carat, DataSets.Diamonds(Ml), tuning => tuning.Regression("Price").ForTrials(1)));
        var forgotten = Ml.Transforms.Concatenate("Features", "Depth").AppendTunable(Ml.Regression.Trainers.Tunable().FastTree());
        AssertOnly("the trainer FastTree learns column 'Label', but the task predicts 'Price'; give both the same label.",
            await Problems(forgotten, DataSets.Diamonds(Ml), tuning => tuning.Regression("Price").ForTrials(1)));
    }

    [TestMethod]
    public async Task TrainerOfAnotherLabel_BySettingOrWithAStepBehindIt_IsAllowed()
    {
        var setting = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().FastTree(configure: options => options.LabelColumnName = "Price"));
        Assert.IsTrue((await setting.TuneAsync(Ml, Cars, tuning => tuning.Regression("Price").HoldOut().UseRandom().ForTrials(1))).Study.HasBest);
        var turned = Ml.Transforms.CopyColumns("Copy", "Price").Append(DataSets.CarFeatures(Ml)).AppendTunable(Ml.Regression.Trainers.Tunable().FastTree("Copy"))
            .Append(Ml.Transforms.CopyColumns("Predicted", "Score"));
        Assert.IsTrue((await turned.TuneAsync(Ml, Cars, tuning => tuning.Regression("Price", "Predicted").HoldOut().UseRandom().ForTrials(1))).Study.HasBest);
    }

    [TestMethod]
    public async Task LabelOfWrongType_SaysWhatTheTaskNeedsAndHowToGetIt()
    {
        Assert.Contains("Label column 'species' is String; regression needs Single.",
            await Problems(IrisWith("sepal_width"), DataSets.Iris(Ml), tuning => tuning.Regression("species").ForTrials(1)));
        Assert.Contains("Label column 'species' is String; several classes need a key. Begin the pipeline with ml.Transforms.Conversion.MapValueToKey(\"species\").",
            await Problems(IrisWith("sepal_width"), DataSets.Iris(Ml), tuning => tuning.MulticlassClassification("species").ForTrials(1)));
        Assert.Contains("Label column 'species' is String; two classes need Boolean.",
            await Problems(IrisWith("sepal_width"), DataSets.Iris(Ml), tuning => tuning.BinaryClassification("species").ForTrials(1)));
    }

    [TestMethod]
    public async Task LabelAllMissing_IsSaid()
    {
        var data = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(row => new Point { Price = float.NaN, X = row }).ToList());
        Assert.Contains("label column 'Price' is missing (NaN or empty) in all 20 rows", await Problems(PointPipeline(), data, tuning => tuning.Regression("Price").ForTrials(1)));
    }

    [TestMethod]
    public async Task LabelWithOneClass_IsSaid()
    {
        var data = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(row => new Point { Flag = true, X = row }).ToList());
        var pipeline = Ml.Transforms.Concatenate("Features", "X").AppendTunable(Ml.BinaryClassification.Trainers.Tunable().FastTree("Flag"));
        Assert.Contains("label column 'Flag' has the same value in all rows", await Problems(pipeline, data, tuning => tuning.BinaryClassification("Flag").ForTrials(1)));
    }

    [TestMethod]
    public async Task EmptyData_IsSaid()
        => Assert.Contains("the training data has no rows", await Problems(PointPipeline(), Ml.Data.LoadFromEnumerable(new List<Point>()), tuning => tuning.Regression("Price").ForTrials(1)));

    [TestMethod]
    public async Task ColumnMissingFromThePipeline_NamesItAndTheColumns()
    {
        var pipeline = Ml.Transforms.Concatenate("Features", "Milage").AppendTunable(Ml.Regression.Trainers.Tunable().FastTree("Price"));
        var problems = await Problems(pipeline, Cars, tuning => tuning.Regression("Price").ForTrials(1));
        Assert.Contains("the pipeline does not go with the training data: Could not find input column 'Milage'", problems);
        Assert.Contains("The data has Price (Single), Mileage (Single)", problems);
    }

    [TestMethod]
    public async Task Folds_TooFewOrTooMany_AreRefused()
    {
        Assert.Contains("folds 1 must be at least 2; to evaluate on one part of the data say HoldOut(0.2)", await Problems(Pipeline, Cars, tuning => tuning.Regression("Price").CrossValidate(1).ForTrials(1)));
        Assert.Contains("folds 900 must not be above the 804 rows of the training data", await Problems(Pipeline, Cars, tuning => tuning.Regression("Price").CrossValidate(900).ForTrials(1)));
        Assert.Contains("the fraction to hold out, 1.5, must be above 0 and below 1", await Problems(Pipeline, Cars, tuning => tuning.Regression("Price").HoldOut(1.5).ForTrials(1)));
    }

    [TestMethod]
    public async Task Groups_MissingOrTooFew_AreRefused()
    {
        Assert.Contains("group column 'Milage' is not in the training data; did you mean 'Mileage'?", await Problems(Pipeline, Cars, tuning => tuning.Regression("Price").CrossValidate(3, groupColumn: "Milage").ForTrials(1)));
        Assert.Contains("group column 'Cylinder' has 3 different values, too few for 5 folds", await Problems(Pipeline, Cars, tuning => tuning.Regression("Price").CrossValidate(5, groupColumn: "Cylinder").ForTrials(1)));
        Assert.Contains("stratified and grouped by 'Cylinder'; choose one", await Problems(Pipeline, Cars, tuning => tuning.Regression("Price").CrossValidate(3, stratify: true, groupColumn: "Cylinder").ForTrials(1)));
        Assert.Contains("group column 'Rest' is Vector<Single, 15>; group by", await Problems(Pipeline, Cars, tuning => tuning.Regression("Price").HoldOut(groupColumn: "Rest").ForTrials(1)));
    }

    [TestMethod]
    public async Task Stratify_ByALabelThatIsMadeAfterATunablePart_IsRefused()
        => Assert.Contains("stratified by the label 'Label', which is neither in the data nor made before the first part that can be tuned; leave stratify out", await Problems(
            Ml.Transforms.Concatenate("Features", "sepal_width").AppendTunable(Ml.Transforms.Tunable().Normalize("Features"))
                .Append(Ml.Transforms.Conversion.MapValueToKey("Label", "species")).AppendTunable(Ml.MulticlassClassification.Trainers.Tunable().SdcaMaximumEntropy()),
            DataSets.Iris(Ml), tuning => tuning.MulticlassClassification().CrossValidate(3, stratify: true).ForTrials(1)));

    [TestMethod]
    public async Task LabelThatThePipelineMakes_IsCheckedForValuesToo()
    {
        var pipeline = Ml.Transforms.Conversion.MapValue("Label", new Dictionary<string, bool> { ["Malignant"] = true }, "diagnosis")
            .AppendTunable(Ml.BinaryClassification.Trainers.Tunable().FastTree());
        Assert.Contains("label column 'Label' has the same value in all rows; there is nothing to tell apart: check how it is made.",
            await Problems(pipeline, DataSets.BreastCancer(Ml), tuning => tuning.BinaryClassification().ForTrials(1)));
    }

    [TestMethod]
    public async Task FactoryThatThrowsOrGivesNull_IsNamedBeforeAnyFit()
    {
        Assert.Contains("Step number 2 of the pipeline could not be made from (k=2): no such thing", await Problems(DataSets.CarFeatures(Ml).AppendTunable(Broken(() => throw new InvalidOperationException("no such thing"))), Cars, tuning => tuning.Regression("Price").ForTrials(1)));
        Assert.Contains("gave null instead of an estimator", await Problems(DataSets.CarFeatures(Ml).AppendTunable(Broken(() => null!)), Cars, tuning => tuning.Regression("Price").ForTrials(1)));
    }

    [TestMethod]
    public async Task ProbabilitiesThatTheTrainerLacks_AreSaidWithTheRemedy()
        => Assert.Contains("the metric needs the column 'Probability', which the pipeline does not make with (Trainer=FastForest", await Problems(
            DataSets.Malignant(Ml).AppendTunable(Ml.BinaryClassification.Trainers.Tunable().AnyOf(t => t.LightGbm(), t => t.FastForest())), DataSets.BreastCancer(Ml),
            tuning => tuning.CalibratedBinaryClassification().ForTrials(1)));

    [TestMethod]
    public async Task MetricByAWrongName_SuggestsTheRightOne()
        => Assert.Contains("metric 'RSquare' is none of RegressionMetrics; did you mean 'RSquared'?", await Problems(Pipeline, Cars, tuning => tuning.Regression("Price").Maximize("RSquare").ForTrials(1)));

    [TestMethod]
    public async Task SeveralProblems_AreAllListedAtOnce()
    {
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(space =>
        {
            space.AddReal("rate", 0, 1, Scale.Log);
            return (ml, _) => ml.Regression.Trainers.FastTree("Price");
        });
        var problems = await Problems(pipeline, Cars, tuning => tuning.Regression("price").CrossValidate(1).WithThreadsPerTrial(0).ForTrials(0));
        foreach (var part in new[] { "folds 1 must", "threads per trial 0 must", "trials 0 must", "low 0 must be above 0 on a log scale" }) Assert.Contains(part, problems);
    }

    [TestMethod]
    public async Task NoLimitAndNoMetric_AreSaid()
    {
        Assert.Contains("nothing would end it", await Problems(Pipeline, Cars, tuning => tuning.Regression("Price")));
        Assert.Contains("it does not say what counts", await Problems(Pipeline, Cars, tuning => tuning.MeasuredBy((_, _) => 1.0).ForTrials(1)));
    }

    [TestMethod]
    public async Task MetricThatIsNaN_FailsTheTrialWithThatReason()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => Pipeline.TuneAsync(Ml, Cars, tuning => tuning
            .Regression("Price").Maximize("hopeless", (_, _) => double.NaN).HoldOut().UseRandom().ForTrials(2)));
        Assert.Contains("NaN for 'hopeless'; a value must be a finite number", error.View.Trials[0].Outcome!.ToString()!);
    }

    [TestMethod]
    public async Task FactoryThatThrowsLater_FailsTheTrialAndNotTheStudy()
    {
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(space =>
        {
            var k = space.AddInteger("k", 2, 3, defaultValue: 2);
            return (ml, configuration) => configuration.Get(k) == 3 ? throw new InvalidOperationException("three is too much") : ml.Regression.Trainers.FastTree("Price", numberOfTrees: 2);
        });
        var tuned = await pipeline.TuneAsync(Ml, Cars, tuning => tuning.Regression("Price").HoldOut().UseGrid().ForTrials(2));
        Assert.AreEqual((1, 1), (tuned.Study.View.CompletedCount, tuned.Study.View.FailedCount));
        Assert.Contains("could not be made from (k=3): three is too much", tuned.Study.View.Trials[1].Outcome!.ToString()!);
    }

    [TestMethod]
    public async Task UnreadableData_SaysWhich()
    {
        var data = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select<int, Point>(_ => throw new IOException("disk on fire")));
        var error = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => PointPipeline().TuneAsync(Ml, data, tuning => tuning.Regression("Price").ForTrials(1)));
        Assert.Contains("The training data cannot be read: disk on fire", error.Message);
    }

    private static Func<SearchSpaceBuilder, Func<MLContext, Configuration, IEstimator<ITransformer>>> Broken(Func<IEstimator<ITransformer>> create) => space =>
    {
        space.AddInteger("k", 2, 3, defaultValue: 2);
        return (_, _) => create();
    };

    private static TunablePipeline IrisWith(string feature) => Ml.Transforms.Concatenate("Features", feature).AppendTunable(Ml.Regression.Trainers.Tunable().FastTree("sepal_length"));

    private static TunablePipeline PointPipeline() => Ml.Transforms.Concatenate("Features", "X").AppendTunable(Ml.Regression.Trainers.Tunable().FastTree("Price"));

    private static void AssertOnly(string problem, string message)
    {
        Assert.Contains(problem, message);
        Assert.DoesNotContain("the pipeline does not go with", message);
        Assert.AreEqual(1, message.Split("Study 'bad'").Length - 1);
    }

    private static async Task<string> Problems<TMetrics>(TunablePipeline pipeline, IDataView data, Func<PipelineTuning, PipelineTuning<TMetrics>> describe)
    {
        var error = await Assert.ThrowsExactlyAsync<StudyDefinitionException>(() => pipeline.TuneAsync(Ml, data, describe, name: "bad"));
        Console.WriteLine(error.Message);
        return error.Message;
    }

    private sealed class Point
    {
        public float Price { get; set; }
        public float X { get; set; }
        public bool Flag { get; set; }
    }
}
