using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet.Tests;

[TestClass]
public sealed class TuneTests
{
    private static readonly MLContext Ml = new(1);

    [TestMethod]
    [NeedsLightGbm]
    public async Task TuneAsync_PipelineOfTheReadme_GivesModelConfigurationLeaderboardAndText()
    {
        var ml = new MLContext(seed: 1);
        var split = ml.Data.TrainTestSplit(DataSets.Diamonds(ml), 0.2, seed: 1);
        var pipeline = ml.Transforms.Categorical.OneHotEncoding("CutHot", "Cut")
            .Append(ml.Transforms.Concatenate("Features", "CutHot", "Carat", "Depth"))
            .AppendTunable(ml.Regression.Trainers.Tunable().LightGbm(labelColumnName: "Price"));
        var tuned = await pipeline.TuneAsync(ml, split.TrainSet, tuning => tuning
            .Regression("Price").Maximize(metrics => metrics.RSquared)
            .CrossValidate(folds: 3).UseRandom().ForTrials(6).ForAtMost(TimeSpan.FromMinutes(2)));
        ITransformer model = tuned.Model;

        Assert.AreEqual(new Goal("RSquared", true), tuned.Study.View.Goal);
        Assert.AreEqual(1, tuned.Study.View.Seed, "the seed of the user's context");
        Assert.IsGreaterThanOrEqualTo(tuned.DefaultsValue!.Value, tuned.BestValue);
        Assert.IsGreaterThan(0.8, tuned.Evaluate(split.TestSet).RSquared);
        Assert.AreEqual(ml.Regression.Evaluate(model.Transform(split.TestSet), "Price").RSquared, tuned.Evaluate(split.TestSet).RSquared);
        foreach (var trial in tuned.Study.View.Trials) Assert.HasCount(3, trial.Reports);

        var board = tuned.Leaderboard(3);
        Assert.HasCount(3, board.Leaders);
        Assert.AreEqual(tuned.BestValue, board.Leaders[0].Value);
        Assert.IsGreaterThan(0, board.Leaders[0].Figure("RootMeanSquaredError")!.Value);
        Assert.IsGreaterThan(0, board.Leaders[0].Figure(TrialFigures.StandardDeviation)!.Value);
        Assert.IsNotNull(board.Leaders[0].Figure(TrialFigures.TrainingSeconds));
        Assert.HasCount(4, board.ToString().Split('\n'));
        Assert.StartsWith("RSquared 0.", tuned.ToString());
        Assert.Contains("LightGbm.NumberOfLeaves = ", tuned.ToString());
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task TuneAsync_SameSeedTwiceAndTwoSlots_GivesTheSameValues()
    {
        var pipeline = TunablePipeline.From(ml => DataSets.CarFeatures(ml)).AppendTunable(Ml.Regression.Trainers.Tunable().AnyOf(t => t.LightGbm("Price"), t => t.Sdca("Price")));
        var cars = DataSets.Cars(Ml);
        async Task<double[]> Values(int slots, int seed) => [.. (await pipeline.TuneAsync(Ml, cars, tuning => tuning
            .Regression("Price").CrossValidate(2).UseRandom().WithSeed(seed).WithSlots(slots).ForTrials(4))).Study.View.Trials.Select(trial => trial.Loss!.Value)];

        var first = await Values(1, 5);
        CollectionAssert.AreEqual(first, await Values(1, 5));
        CollectionAssert.AreEqual(first, await Values(2, 5));
        CollectionAssert.AreNotEqual(first, await Values(1, 6));
    }

    [TestMethod]
    public async Task TuneAsync_TextPipeline_TunesTheTransformsToo()
    {
        var pipeline = Ml.Transforms.Conversion.MapValue("Label", new Dictionary<string, bool> { ["great"] = true, ["other"] = false }, "score")
            .AppendTunable(Ml.Transforms.Tunable().FeaturizeText("Words", "review"))
            .AppendTunable(Ml.Transforms.Tunable().OneHotHashEncoding("ProductHot", "product"))
            .Append(ml => ml.Transforms.Concatenate("Features", "Words", "ProductHot"))
            .AppendTunable(Ml.BinaryClassification.Trainers.Tunable().SdcaLogisticRegression());
        var tuned = await pipeline.TuneAsync(Ml, DataSets.FineFoods(Ml, 300), tuning => tuning
            .CalibratedBinaryClassification().HoldOut(0.3).UseRandom().WithSeed(2).ForTrials(3), name: "reviews");
        Assert.AreEqual("reviews", tuned.Study.View.Name);
        Assert.AreEqual("LogLoss", tuned.Study.View.Goal.Metric);
        foreach (var trial in tuned.Study.View.Trials) Assert.AreEqual(TrialState.Completed, trial.State, $"{trial.Configuration}: {trial.Outcome}");
        Assert.StartsWith("Text.WordNgramLength=2, Text.UseCharacters=true, Text.CharacterNgramLength=3, Text.Weighting=Tf, Text.KeepPunctuation=true, Text.RemoveStopWords=false, OneHotHash.NumberOfBits=16",
            tuned.Study.View.Space.Default.ToString());
    }

    [TestMethod]
    public async Task TuneAsync_NormalizationAndMissingValues_EveryChoiceWorks()
    {
        var pipeline = Ml.Transforms.Concatenate("Features", "Mileage", "Cylinder", "Rest")
            .AppendTunable(Ml.Transforms.Tunable().ReplaceMissingValues("Features"))
            .AppendTunable(Ml.Transforms.Tunable().Normalize("Features"))
            .Append(ml => ml.Regression.Trainers.FastTree("Price", numberOfTrees: 5));
        var tuned = await pipeline.TuneAsync(Ml, DataSets.Cars(Ml), tuning => tuning.Regression("Price").HoldOut().UseGrid().ForTrials(30));
        Assert.AreEqual(30, tuned.Study.View.CompletedCount);
    }

    [TestMethod]
    public async Task TuneAsync_EstimatorOfTheUsersOwn_IsMadeFromTheConfiguration()
    {
        var leaves = new List<int>();
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(space =>
        {
            var k = space.AddInteger("k", 2, 9);
            return (ml, configuration) =>
            {
                leaves.Add(configuration.Get(k));
                return ml.Regression.Trainers.FastTree("Price", numberOfLeaves: configuration.Get(k), numberOfTrees: 3);
            };
        });
        var tuned = await pipeline.TuneAsync(Ml, DataSets.Cars(Ml), tuning => tuning.Regression("Price").HoldOut().UseGrid(8).ForTrials(8));
        Assert.AreEqual(8, tuned.Study.View.CompletedCount);
        CollectionAssert.IsSubsetOf(Enumerable.Range(2, 8).ToList(), leaves);
        Assert.AreEqual(tuned.Configuration.Values[0].Value, leaves[^1], "the last fit is the best configuration's");
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task TuneAsync_StepsBehindTheTrainer_AreNoObstacle()
    {
        var iris = await DataSets.IrisFeatures(Ml).AppendCacheCheckpoint(Ml)
            .AppendTunable(Ml.MulticlassClassification.Trainers.Tunable().LightGbm())
            .Append(Ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .TuneAsync(Ml, DataSets.Iris(Ml), tuning => tuning.MulticlassClassification().CrossValidate(3).UseRandom().ForTrials(2));
        Assert.IsGreaterThan(0.9, iris.BestValue);
        var predicted = iris.Model.Transform(DataSets.Iris(Ml)).GetColumn<string>("PredictedLabel").First();
        Assert.AreEqual("setosa", predicted);

        var cancer = await DataSets.Malignant(Ml)
            .AppendTunable(Ml.BinaryClassification.Trainers.Tunable().FastForest())
            .Append(Ml.BinaryClassification.Calibrators.Platt())
            .TuneAsync(Ml, DataSets.BreastCancer(Ml), tuning => tuning.CalibratedBinaryClassification().HoldOut().UseRandom().ForTrials(2));
        Assert.IsLessThan(0.5, cancer.BestValue);
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task TuneAsync_ModelSavedAndLoaded_PredictsTheSame()
    {
        var cars = DataSets.Cars(Ml);
        var tuned = await DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().LightGbm("Price"))
            .TuneAsync(Ml, cars, tuning => tuning.Regression("Price").HoldOut().UseRandom().ForTrials(2));
        using var file = new MemoryStream();
        Ml.Model.Save(tuned.Model, cars.Schema, file);
        file.Position = 0;
        var loaded = new MLContext(2).Model.Load(file, out _);
        CollectionAssert.AreEqual(
            tuned.Model.Transform(cars).GetColumn<float>("Score").ToArray(), loaded.Transform(cars).GetColumn<float>("Score").ToArray());
    }

    [TestMethod]
    public async Task TuneAsync_MetricsOfTheUsersOwn_Count()
    {
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().FastTree("Price"));
        var cars = DataSets.Cars(Ml);
        double WorstError(MLContext ml, IDataView predictions)
            => predictions.GetColumn<float>("Price").Zip(predictions.GetColumn<float>("Score"), (price, prediction) => (double)Math.Abs(price - prediction)).Max();

        var ofTask = await pipeline.TuneAsync(Ml, cars, tuning => tuning.Regression("Price").Minimize("worst error", WorstError).HoldOut().UseRandom().ForTrials(2));
        var withoutTask = await pipeline.TuneAsync(Ml, cars, tuning => tuning.Minimize("worst error", WorstError).HoldOut().UseRandom().ForTrials(2));
        var ofExpression = await pipeline.TuneAsync(Ml, cars, tuning => tuning.Regression("Price").Minimize(m => m.MeanAbsoluteError / 2).HoldOut().UseRandom().ForTrials(2));
        var byName = await pipeline.TuneAsync(Ml, cars, tuning => tuning.Regression("Price").Minimize("MeanAbsoluteError").HoldOut().UseRandom().ForTrials(2));
        Assert.AreEqual(ofTask.BestValue, withoutTask.BestValue);
        Assert.AreEqual("worst error", ofTask.Study.View.Goal.Metric);
        Assert.AreEqual("m.MeanAbsoluteError / 2", ofExpression.Study.View.Goal.Metric);
        Assert.AreEqual(byName.BestValue, 2 * ofExpression.BestValue, 1e-9);
    }

    [TestMethod]
    public async Task TuneAsync_ClusteringWithoutLabel_Works()
    {
        var pipeline = DataSets.IrisFeatures(Ml).AppendTunable(space =>
        {
            var k = space.AddInteger("k", 2, 5);
            return (ml, configuration) => ml.Clustering.Trainers.KMeans(numberOfClusters: configuration.Get(k));
        });
        var tuned = await pipeline.TuneAsync(Ml, DataSets.Iris(Ml), tuning => tuning.Clustering().CrossValidate(2).UseGrid(4).ForTrials(4));
        Assert.AreEqual(4, tuned.Study.View.CompletedCount);
        Assert.IsFalse(tuned.Study.View.Goal.IsMaximized);
    }

    [TestMethod]
    public async Task TuneAsync_GroupedFolds_KeepRowsOfAGroupTogether()
    {
        // Every car is there twice: only folds that keep twins together cannot look the price up.
        var cars = Ml.Data.CreateEnumerable<Car>(DataSets.Cars(Ml), reuseRowObject: false).Take(200).ToList();
        var data = Ml.Data.LoadFromEnumerable(cars.Concat(cars).Select((car, row) => new Twin { Price = car.Price, Mileage = car.Mileage, Cylinder = car.Cylinder, Id = $"car {row % 200}" }).ToList());
        var pipeline = Ml.Transforms.Concatenate("Features", "Mileage", "Cylinder").AppendTunable(space =>
        {
            var leaves = space.AddInteger("leaves", 200, 201);
            return (ml, configuration) => ml.Regression.Trainers.FastTree("Price", numberOfLeaves: configuration.Get(leaves), minimumExampleCountPerLeaf: 1);
        });
        var apart = await pipeline.TuneAsync(Ml, data, tuning => tuning.Regression("Price").CrossValidate(3).UseRandom().ForTrials(1));
        var together = await pipeline.TuneAsync(Ml, data, tuning => tuning.Regression("Price").CrossValidate(3, groupColumn: "Id").UseRandom().ForTrials(1));
        Assert.IsGreaterThan(together.BestValue + 0.1, apart.BestValue);
    }

    [TestMethod]
    public async Task TuneAsync_LabelThatFixedStepsMake_IsDealtEvenlyToTheFolds()
    {
        // Three rows of sixty are of a rare class: one in each fold is not chance.
        var rows = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(row => new Species { Name = row % 20 == 0 ? "rare" : "common", X = row % 7 }).ToList());
        var pipeline = TunablePipeline.From(ml => ml.Transforms.Conversion.MapValueToKey("Label", "Name")).Append(ml => ml.Transforms.Concatenate("Features", "X")).AppendTunable(Ml.MulticlassClassification.Trainers.Tunable().LbfgsMaximumEntropy());
        foreach (var stratify in new bool?[] { null, true })
        {
            var tuned = await pipeline.TuneAsync(Ml, rows, tuning => tuning.MulticlassClassification()
                .Maximize("rare rows", (_, predictions) => predictions.GetColumn<string>("Name").Count(name => name == "rare"))
                .CrossValidate(3, stratify).UseRandom().ForTrials(1));
            foreach (var report in tuned.Study.View.Trials[0].Reports) Assert.AreEqual(-1.0, report.Loss, "a loss, so the other sign");
        }
    }

    [TestMethod]
    public async Task TuneAsync_FixedStepWithDisposableTransformer_OnlyTheTrialsOwnAreDisposed()
    {
        var shared = new DisposableStep();
        var own = new List<DisposableStep>();
        var pipeline = DataSets.CarFeatures(Ml).Append(shared)
            .AppendTunable(space =>
            {
                space.AddInteger("n", 1, 2);
                return (_, _) =>
                {
                    own.Add(new DisposableStep());
                    return own[^1];
                };
            })
            .Append(ml => ml.Regression.Trainers.FastTree("Price", numberOfTrees: 2));
        await pipeline.TuneAsync(Ml, DataSets.Cars(Ml), tuning => tuning.Regression("Price").CrossValidate(2).UseGrid().ForTrials(2));
        Assert.AreEqual(0, shared.Disposals);
        // One is made at the door, two a trial, and one lives on in the final model.
        Assert.AreEqual(4, own.Sum(step => step.Disposals));
        Assert.AreEqual(0, own[^1].Disposals);
    }

    private sealed class Car
    {
        public float Price { get; set; }
        public float Mileage { get; set; }
        public float Cylinder { get; set; }
    }

    private sealed class Species
    {
        public string Name { get; set; } = "";
        public float X { get; set; }
    }

    private sealed class Twin
    {
        public float Price { get; set; }
        public float Mileage { get; set; }
        public float Cylinder { get; set; }
        public string Id { get; set; } = "";
    }
}
