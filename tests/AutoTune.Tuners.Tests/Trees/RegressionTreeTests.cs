using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuners.Trees;

namespace AutoTune.Tuners.Tests.Trees;

[TestClass]
public sealed class RegressionTreeTests
{
    [TestMethod]
    public void Grow_ToTheEnd_GivesRowsOfDifferentLossesDifferentLeaves()
    {
        var space = Fixtures.MixedSpace();
        var (rows, targets) = Random(space, 200);
        var tree = new TreeGrower(TreeFixtures.Table(space, rows), TreeFixtures.Full()).Grow(targets, TreeFixtures.Ones(200), new RandomSource(1));
        Assert.AreEqual(200, rows.Select(row => tree.LeafOf(row)).Distinct().Count());
        Assert.AreEqual(200, tree.Leaves);
    }

    [TestMethod]
    public void Grow_OnEqualTargets_IsOneLeaf()
    {
        var (rows, _) = Random(Fixtures.Cube(3), 20);
        var tree = new TreeGrower(TreeFixtures.Table(Fixtures.Cube(3), rows), TreeFixtures.Full()).Grow(new double[20], TreeFixtures.Ones(20), new RandomSource(1));
        Assert.AreEqual(1, tree.Leaves);
    }

    [TestMethod]
    public void Grow_ToADepth_AsksNoMoreQuestions()
    {
        var (rows, targets) = Random(Fixtures.Cube(3), 100);
        var tree = new TreeGrower(TreeFixtures.Table(Fixtures.Cube(3), rows), TreeFixtures.Full() with { MaxDepth = 3 })
            .Grow(targets, TreeFixtures.Ones(100), new RandomSource(1));
        Assert.AreEqual(8, tree.Leaves);
    }

    [TestMethod]
    public void Grow_WithLeastLeaves_KeepsThem()
    {
        var (rows, targets) = Random(Fixtures.MixedSpace(), 100);
        var tree = new TreeGrower(TreeFixtures.Table(Fixtures.MixedSpace(), rows), TreeFixtures.Full(7)).Grow(targets, TreeFixtures.Ones(100), new RandomSource(1));
        Assert.IsTrue(tree.Leaves > 5);
        Assert.IsTrue(rows.GroupBy(row => tree.LeafOf(row)).All(leaf => leaf.Count() >= 7));
    }

    [TestMethod]
    public void Grow_WithBuffersUsedBefore_GivesTheSameTree()
    {
        var (rows, targets) = Random(Fixtures.MixedSpace(), 60);
        var table = TreeFixtures.Table(Fixtures.MixedSpace(), rows);
        var used = new TreeGrower(table, TreeFixtures.Full());
        used.Grow([.. targets.Select(target => -target * target)], TreeFixtures.Ones(60), new RandomSource(3));
        var again = used.Grow(targets, TreeFixtures.Ones(60), new RandomSource(1));
        var fresh = new TreeGrower(table, TreeFixtures.Full()).Grow(targets, TreeFixtures.Ones(60), new RandomSource(1));
        var (others, _) = Random(Fixtures.MixedSpace(), 500, 9);
        CollectionAssert.AreEqual(others.Select(row => fresh.LeafOf(row)).ToArray(), others.Select(row => again.LeafOf(row)).ToArray());
    }

    [TestMethod]
    public void Write_OfEachKind_GivesCoordinatesNumbersOfChoicesAndAbsence()
    {
        var space = Fixtures.MixedSpace();
        var layout = new SpaceLayout(space);
        var columns = new TreeColumns(layout);
        var configuration = space.Configure(c => c.Set("x", 0.5).Set("trainer", "svm").Set("cost", 1.0).Set("kernel", "rbf"));
        var observation = Observation.Of(Fixtures.Completed(0, configuration, 1), layout);
        var row = new double[columns.Count];
        columns.Write(observation.Unit, observation.Active, row);
        Assert.AreEqual(9, columns.Count); // "fixed" has one value
        Assert.AreEqual(0.75, row[0], 1e-12);
        Assert.AreEqual(0, row[3]); // svm
        Assert.AreEqual(0.5, row[4], 1e-12);
        Assert.AreEqual(0, row[5]); // rbf
        Assert.IsTrue(double.IsNaN(row[6]) && double.IsNaN(row[7]) && double.IsNaN(row[8])); // degree, depth, share
        var forest = Observation.Of(Fixtures.Completed(0, space.Configure(c => c.Set("trainer", "forest")), 1), layout);
        columns.Write(forest.Unit, forest.Active, row);
        Assert.AreEqual(2, row[5]); // no kernel: one more than its last value
    }

    private static (double[][] Rows, double[] Targets) Random(SearchSpace space, int count, long seed = 5)
    {
        var layout = new SpaceLayout(space);
        var history = new TreeHistory(layout, new TreeColumns(layout));
        var random = new RandomSource(seed);
        for (var i = 0; i < count; i++) history.Add(Fixtures.Completed(i, space.Sample(random), random.NextGaussian()));
        return ([.. history.Rows], [.. history.Observations.Select(observation => observation.Loss)]);
    }
}
