using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuners.Trees;

namespace AutoTune.Tuners.Tests.Trees;

[TestClass]
public sealed class SplitSearchTests
{
    [TestMethod]
    public void Look_AtNumbers_CutsWhereTheSumOfSquaresFallsMost()
    {
        // Sides {1, 2} and {7, 9, 8}: means 1.5 and 8; 27^2 / 5 = 145.8 of 2 * 2.25 + 3 * 64 = 196.5 remain to be explained: 50.7.
        var table = TreeFixtures.Table(Fixtures.Cube(1), [0.9], [0.1], [0.5], [0.2], [0.7]);
        var split = TreeFixtures.Split(table, [8, 1, 7, 2, 9]);
        Assert.AreEqual(50.7, split.Gain, 1e-12);
        Assert.IsTrue(split.Best.Threshold is >= 0.2 and < 0.5, $"{split.Best.Threshold}");
        Assert.IsTrue(split.Best.IsLeft(0.2) && !split.Best.IsLeft(0.5));
    }

    [TestMethod]
    public void Look_AtWeightedRows_CountsEachAsOftenAsItsWeight()
    {
        var table = TreeFixtures.Table(Fixtures.Cube(1), [0.1], [0.2], [0.3], [0.4]);
        var weighted = TreeFixtures.Split(table, [0, 1, 5, 100], [2, 1, 3, 0]);
        var copied = TreeFixtures.Split(TreeFixtures.Table(Fixtures.Cube(1), [0.1], [0.1], [0.2], [0.3], [0.3], [0.3]), [0, 0, 1, 5, 5, 5]);
        Assert.AreEqual(copied.Gain, weighted.Gain, 1e-12);
    }

    [TestMethod]
    public void Look_AtAChoice_FindsTheBestOfAllSubsets()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddCategorical<string>("kind", ["a", "b", "c", "d"]);
        var table = TreeFixtures.Table(builder.Build(), [0], [1], [2], [3], [0], [2]);
        double[] targets = [5, 1, 4, 2, 6, 5];
        var split = TreeFixtures.Split(table, targets);
        var best = Enumerable.Range(1, 14).Max(subset => Explained(subset, table, targets));
        Assert.AreEqual(best, split.Gain, 1e-12);
        Assert.IsTrue(split.Best.IsLeft(1) && split.Best.IsLeft(3) && !split.Best.IsLeft(0) && !split.Best.IsLeft(2));
    }

    [TestMethod]
    [DataRow(0.0, true)]
    [DataRow(9.0, false)]
    public void Look_WhereSomeRowsLackTheNumber_SendsThemToTheSideThatSuits(double absentTarget, bool isLeft)
    {
        var table = TreeFixtures.Table(Fixtures.Cube(1), [0.2], [double.NaN], [0.8], [0.3], [0.9]);
        var split = TreeFixtures.Split(table, [0, absentTarget, 9, 0, 9]);
        Assert.AreEqual(isLeft, split.Best.IsLeft(double.NaN));
        Assert.IsTrue(split.Best.IsLeft(0.3) && !split.Best.IsLeft(0.8));
    }

    [TestMethod]
    public void Look_WhereOnlyAbsenceMatters_SplitsByIt()
    {
        var table = TreeFixtures.Table(Fixtures.Cube(1), [0.2], [double.NaN], [0.8], [double.NaN]);
        var split = TreeFixtures.Split(table, [1, 5, 1, 5]);
        Assert.AreEqual(16, split.Gain, 1e-12);
        Assert.IsTrue(!split.Best.IsLeft(double.NaN) && split.Best.IsLeft(0) && split.Best.IsLeft(1));
    }

    [TestMethod]
    public void Look_WhereEveryLeafWouldBeTooSmall_FindsNothing()
    {
        var table = TreeFixtures.Table(Fixtures.Cube(1), [0.1], [0.2], [0.3], [0.4], [0.5]);
        Assert.AreEqual(-1, TreeFixtures.Split(table, [1, 2, 3, 4, 5], leastInLeaf: 3).Best.Column);
    }

    // What a subset of the values explains, with nothing but its definition.
    private static double Explained(int subset, TreeTable table, double[] targets)
    {
        double Around(Func<int, bool> isIn)
        {
            var side = Enumerable.Range(0, targets.Length).Where(isIn).Select(i => targets[i]).ToArray();
            return side.Length == 0 ? 0 : side.Sum(y => (y - side.Average()) * (y - side.Average()));
        }

        bool IsLeft(int i) => (subset >> (int)table.Values(0)[i] & 1) != 0;
        return Around(_ => true) - Around(IsLeft) - Around(i => !IsLeft(i));
    }
}
