using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet.Tests;

[TestClass]
public sealed class FoldsTests
{
    [TestMethod]
    public void Random_AnyRows_GivesFoldsOfNearlyEqualSizeAndTheSameFromTheSameSeed()
    {
        var folds = Folds.Random(103, 5, new RandomSource(1));
        CollectionAssert.AreEquivalent(new[] { 21, 21, 21, 20, 20 }, Sizes(folds));
        CollectionAssert.AreEqual(folds, Folds.Random(103, 5, new RandomSource(1)));
        CollectionAssert.AreNotEqual(folds, Folds.Random(103, 5, new RandomSource(2)));
    }

    [TestMethod]
    public void Stratified_Classes_AreSpreadOverAllFolds()
    {
        ImmutableArray<double> labels = [.. Enumerable.Range(0, 100).Select(row => row < 10 ? 1.0 : 0.0)];
        var folds = Folds.Stratified(labels, isContinuous: false, 5, new RandomSource(1));
        for (var fold = 0; fold < 5; fold++) Assert.AreEqual(2, Enumerable.Range(0, 10).Count(row => folds[row] == fold));
    }

    [TestMethod]
    public void Stratified_Numbers_HaveNearlyTheSameMeanInAllFolds()
    {
        ImmutableArray<double> labels = [.. Enumerable.Range(0, 1000).Select(row => (double)row * row)];
        var folds = Folds.Stratified(labels, isContinuous: true, 4, new RandomSource(1));
        var means = Enumerable.Range(0, 4).Select(fold => labels.Where((_, row) => folds[row] == fold).Average()).ToArray();
        Assert.IsLessThan(0.01, (means.Max() - means.Min()) / means.Average());
    }

    [TestMethod]
    public void Grouped_Groups_StayTogether()
    {
        ImmutableArray<double> groups = [.. Enumerable.Range(0, 90).Select(row => (double)(row % 7)), double.NaN, double.NaN];
        var folds = Folds.Grouped(groups, 3, new RandomSource(1));
        foreach (var group in Enumerable.Range(0, 7)) Assert.HasCount(1, folds.Where((_, row) => groups[row] == group).Distinct().ToList());
        Assert.AreEqual(3, Sizes(folds).Length);
        Assert.AreEqual(9, Folds.GroupCount(groups));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void HoldOut_Stratified_HoldsItsShareOfARareClassAndOfHighValues(bool isClass)
    {
        var ml = new MLContext(1);
        var data = CachedData.Read(ml.Data.LoadFromEnumerable(Enumerable.Range(0, 1000).Select(row => new Row(row, "", row < 30, row)).ToList()), "test");
        var settings = new EvaluationSettings
        {
            Resampling = new Resampling.HoldOut(0.2, true, null),
            Label = isClass ? new LabelRule("Flag", LabelKind.Boolean) : new LabelRule("Number", LabelKind.Number),
        };
        List<string> problems = [];
        var split = new SplitPlan(data, new LabelReader(data, new TunablePipeline()), settings, problems).Draw(new RandomSource(1)).Single();
        Assert.IsEmpty(problems);
        var held = split.Validation.GetColumn<float>("Number").ToArray();
        Assert.HasCount(200, held);
        Assert.HasCount(800, split.Train.GetColumn<float>("Number").Except(held).ToList());
        Assert.AreEqual(6, held.Count(row => isClass ? row < 30 : row >= 970), isClass ? 0 : 4);
    }

    [TestMethod]
    public void RowSubset_PlainAndShuffled_HasExactlyItsRows()
    {
        var ml = new MLContext(1);
        var cache = CachedData.Read(DataSets.Iris(ml), "test");
        var all = cache.View.GetColumn<float>("sepal_length").ToArray();
        ImmutableArray<bool> includes = [.. Enumerable.Range(0, cache.Rows).Select(row => row % 3 == 1)];
        var expected = all.Where((_, row) => includes[row]).ToArray();
        var subset = new RowSubset(cache.View, includes);
        CollectionAssert.AreEqual(expected, subset.GetColumn<float>("sepal_length").ToArray());
        Assert.AreEqual(50, subset.GetRowCount());
        var shuffled = ml.Data.ShuffleRows(subset, seed: 5, shuffleSource: true).GetColumn<float>("sepal_length").ToArray();
        CollectionAssert.AreEquivalent(expected, shuffled);
        CollectionAssert.AreNotEqual(expected, shuffled);
    }

    [TestMethod]
    public void Read_ColumnsOfEveryKind_BecomeCodes()
    {
        var ml = new MLContext(1);
        var data = ml.Data.LoadFromEnumerable([new Row(1.5f, "x", true, 3), new Row(float.NaN, "", false, 4), new Row(2, "x", true, 3)]);
        CollectionAssert.AreEqual(new[] { 1.5, double.NaN, 2 }, ColumnValues.Read(data, "Number")!.Value);
        CollectionAssert.AreEqual(new[] { 0, double.NaN, 0 }, ColumnValues.Read(data, "Text")!.Value);
        CollectionAssert.AreEqual(new[] { 1.0, 0, 1 }, ColumnValues.Read(data, "Flag")!.Value);
        CollectionAssert.AreEqual(new[] { 3.0, 4, 3 }, ColumnValues.Read(data, "Whole")!.Value);
        var keys = ml.Transforms.Conversion.MapValueToKey("Key", "Text").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { 1, double.NaN, 1 }, ColumnValues.Read(keys, "Key")!.Value);
        Assert.IsNull(ColumnValues.Read(DataSets.BreastCancer(ml), "Features"));
    }

    private static int[] Sizes(ImmutableArray<int> folds) => [.. folds.GroupBy(fold => fold).Select(group => group.Count())];

    private sealed record Row(float Number, string Text, bool Flag, int Whole);
}
