using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet.Tests;

[TestClass]
public sealed class GrowthTests
{
    private static readonly MLContext Ml = new(1);
    private static readonly IDataView Cars = DataSets.Cars(Ml);

    [TestMethod]
    public void Deal_Rows_GivesNestedSamplesOfTheirShareOfTheTrainingRows()
    {
        ImmutableArray<bool> isTraining = [.. Enumerable.Range(0, 1000).Select(row => row % 5 != 0)];
        var first = Samples.Deal(isTraining, 9, labels: null, isContinuous: false, groups: null, new RandomSource(1));
        for (var row = 0; row < 1000; row++) Assert.AreEqual(isTraining[row], first[row] is >= 1 and <= 9, $"row {row}");
        for (var step = 1; step <= 9; step++) Assert.AreEqual(800.0 * step / 9, first.Count(own => own > 0 && own <= step), 9);
        CollectionAssert.AreEqual(first, Samples.Deal(isTraining, 9, null, false, null, new RandomSource(1)));
        CollectionAssert.AreNotEqual(first, Samples.Deal(isTraining, 9, null, false, null, new RandomSource(2)));
    }

    [TestMethod]
    public void Deal_Classes_HasEveryClassInTheSmallestSampleAndItsShareInEach()
    {
        ImmutableArray<bool> isTraining = [.. Enumerable.Repeat(true, 300)];
        ImmutableArray<double> labels = [.. Enumerable.Range(0, 300).Select(row => row < 2 ? 7.0 : row < 92 ? 1.0 : 0.0)];
        var first = Samples.Deal(isTraining, 9, labels, isContinuous: false, groups: null, new RandomSource(1));
        Assert.AreEqual(1, first.Take(2).Count(own => own == 1), "a class of two rows");
        for (var step = 1; step <= 9; step++) Assert.AreEqual(10 * step, first.Skip(2).Take(90).Count(own => own <= step));
    }

    [TestMethod]
    public void Deal_Numbers_HaveNearlyTheSameMeanInEachSample()
    {
        ImmutableArray<bool> isTraining = [.. Enumerable.Repeat(true, 900)];
        ImmutableArray<double> labels = [.. Enumerable.Range(0, 900).Select(row => (double)row * row)];
        var first = Samples.Deal(isTraining, 9, labels, isContinuous: true, groups: null, new RandomSource(1));
        Assert.AreEqual(1, labels.Where((_, row) => first[row] == 1).Average() / labels.Average(), 0.02);
    }

    [TestMethod]
    public void Deal_Groups_ComeTogetherAndTheSmallestSampleHasOne()
    {
        ImmutableArray<bool> isTraining = [.. Enumerable.Repeat(true, 60)];
        ImmutableArray<double> groups = [.. Enumerable.Range(0, 60).Select(row => (double)(row % 6))];
        var first = Samples.Deal(isTraining, 9, labels: null, isContinuous: false, groups, new RandomSource(1));
        for (var group = 0; group < 6; group++) Assert.HasCount(1, first.Where((_, row) => groups[row] == group).Distinct().ToList());
        Assert.AreEqual(10, first.Count(own => own == 1));
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("Twin")]
    public void Draw_GrowingSamples_AreRowsOfTheTrainingPartAlone(string? groupColumn)
    {
        var data = CachedData.Read(Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 400).Select(row => new Row { Id = row, Twin = row / 2, Price = row % 10 }).ToList()), "test");
        var settings = new EvaluationSettings { Resampling = new Resampling.CrossValidation(4, null, groupColumn), Growth = new Growth.Samples(3), Label = new LabelRule("Price", LabelKind.Number) };
        List<string> problems = [];
        var splits = new SplitPlan(data, new LabelReader(data, new TunablePipeline()), settings, problems).Draw(new RandomSource(1));
        Assert.IsEmpty(problems);
        foreach (var split in splits)
        {
            var train = split.Train.GetColumn<int>("Id").ToHashSet();
            var samples = Enumerable.Range(1, 3).Select(step => split.Sample(step).GetColumn<int>("Id").ToHashSet()).ToArray();
            Assert.AreEqual(100, samples[0].Count, 1);
            Assert.IsTrue(samples[0].IsProperSubsetOf(samples[1]) && samples[1].IsProperSubsetOf(train) && samples[2].SetEquals(train));
            if (groupColumn is not null) Assert.IsTrue(samples[1].All(id => samples[1].Contains(id ^ 1)), "twins come together");
        }
    }

    [TestMethod]
    public async Task GrowSamples_StepByStep_EndsWithTheValueOfAWholeTrialAndFitsFewerFoldsBefore()
    {
        var fits = 0;
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(space =>
        {
            var leaves = space.AddInteger("leaves", 2, 9);
            return (ml, configuration) =>
            {
                fits++;
                return ml.Regression.Trainers.FastTree(new Microsoft.ML.Trainers.FastTree.FastTreeRegressionTrainer.Options
                {
                    LabelColumnName = "Price", NumberOfLeaves = configuration.Get(leaves), NumberOfTrees = 3, NumberOfThreads = 1,
                });
            };
        });
        var plain = await pipeline.TuneAsync(Ml, Cars, tuning => tuning.Regression("Price").CrossValidate(5).UseRandom().ForTrials(1));
        fits = 0;
        var grown = await pipeline.TuneAsync(Ml, Cars, tuning => tuning.Regression("Price").CrossValidate(5).GrowSamples(9).UseRandom()
            .UseScheduler(_ => new FoldByFoldTests.Rungs(3, 9)).ForTrials(1));
        Assert.AreEqual(1 + 2 + 5 + 1, fits, "the check, two folds on a third of the rows and five on all, the model");
        foreach (var (expected, trial) in plain.Study.View.Trials.Zip(grown.Study.View.Trials))
        {
            CollectionAssert.AreEqual(new[] { 3, 9 }, trial.Reports.Select(report => report.Step).ToArray());
            Assert.AreEqual(expected.Loss, trial.Loss);
            Assert.AreNotEqual(expected.Reports[1].Loss, trial.Reports[0].Loss, "fewer rows, other trees");
            Assert.IsEmpty(grown.FoldValues(trial));
        }
    }

    [TestMethod]
    public async Task GrowTrees_FirstStep_IsTheModelOfThatShareOfTheTrees()
    {
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().FastTree("Price"));
        var few = await pipeline.TuneAsync(Ml, Cars, tuning => tuning.Regression("Price").HoldOut().UseRandom()
            .TryFirst(set => set.Set("FastTree.NumberOfTrees", 20)).ForTrials(1));
        var grown = await pipeline.TuneAsync(Ml, Cars, tuning => tuning.Regression("Price").HoldOut().GrowTrees(4).UseRandom()
            .TryFirst(set => set.Set("FastTree.NumberOfTrees", 79)).UseScheduler(_ => new FoldByFoldTests.Rungs(1, 4)).ForTrials(1));
        var (whole, part) = (few.Study.View.Trials[0].Loss!.Value, grown.Study.View.Trials[0].Reports[0].Loss);
        Assert.AreEqual(whole, part, "a quarter of 79 trees, rounded up, is 20");
        Assert.AreNotEqual(part, grown.Study.View.Trials[0].Loss!.Value);
    }

    [TestMethod]
    public void Cut_EveryTrainerOfTrees_CutsItsNumberRoundedUp()
    {
        Assert.AreEqual(12, TreeCount.Cut(new Microsoft.ML.Trainers.FastTree.FastForestBinaryTrainer.Options { NumberOfTrees = 100 }, 1 / 9.0).NumberOfTrees);
        Assert.AreEqual(12, TreeCount.Cut(new Microsoft.ML.Trainers.LightGbm.LightGbmRegressionTrainer.Options { NumberOfIterations = 100 }, 1 / 9.0).NumberOfIterations);
        Assert.AreEqual(30, TreeCount.Cut(new Microsoft.ML.Trainers.LightGbm.LightGbmBinaryTrainer.Options { NumberOfIterations = 90 }, 3 / 9.0).NumberOfIterations);
        Assert.AreEqual(1, TreeCount.Cut(new Microsoft.ML.Trainers.LightGbm.LightGbmMulticlassTrainer.Options { NumberOfIterations = 3 }, 1 / 9.0).NumberOfIterations);
    }

    [TestMethod]
    public async Task Growth_ThatCannotBe_IsSaidWithTheRemedy()
    {
        var sdca = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().Sdca("Price"));
        Assert.Contains("no trainer of the pipeline is known to have trees that could grow; use LightGbm, FastTree or FastForest of Tunable(), or say GrowSamples.",
            await Problem(sdca, Cars, tuning => tuning.GrowTrees()));
        Assert.Contains("the steps in which samples grow, 1, must be at least 2; leave GrowSamples out", await Problem(sdca, Cars, tuning => tuning.GrowSamples(1)));
        Assert.Contains("the steps in which trees grow, 0, must be at least 2; leave GrowTrees out", await Problem(sdca, Cars, tuning => tuning.GrowTrees(0)));
        Assert.Contains("the samples are to grow in 9 steps, of which the first would have 8 of 80 rows, and 10 are the least; say GrowSamples(8) or fewer.",
            await Problem(sdca, Ml.Data.TakeRows(Cars, 100), tuning => tuning.GrowSamples(9)));
        Assert.Contains("the samples are to grow, but a fit has 12 rows in all; leave GrowSamples out.", await Problem(sdca, Ml.Data.TakeRows(Cars, 15), tuning => tuning.GrowSamples(9)));

        static async Task<string> Problem(TunablePipeline pipeline, IDataView data, Func<PipelineTuning<RegressionMetrics>, PipelineTuning<RegressionMetrics>> describe)
            => (await Assert.ThrowsExactlyAsync<StudyDefinitionException>(() => pipeline.TuneAsync(Ml, data, tuning => describe(tuning.Regression("Price")).ForTrials(1)))).Message;
    }

    private sealed class Row
    {
        public int Id { get; set; }
        public int Twin { get; set; }
        public float Price { get; set; }
    }
}
