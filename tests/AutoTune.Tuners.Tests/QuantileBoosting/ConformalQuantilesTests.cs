using AutoTune.Tuners.QuantileBoosting;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuners.Tests.Trees;

namespace AutoTune.Tuners.Tests.QuantileBoosting;

[TestClass]
public sealed class ConformalQuantilesTests
{
    [TestMethod]
    public void Quantile_OfSortedNumbers_LiesBetweenThemInProportion()
    {
        double[] sorted = [1, 2, 4, 8, 16]; // NumPy's linear quantiles: numpy.quantile([1, 2, 4, 8, 16], [0, .1, .5, .9, 1])
        double[] expected = [1, 1.4, 4, 12.8, 16];
        double[] levels = [0, 0.1, 0.5, 0.9, 1];
        for (var i = 0; i < levels.Length; i++) Assert.AreEqual(expected[i], QuantileEnsemble.Quantile(sorted, levels[i]), 1e-12);
        Assert.AreEqual(0, QuantileEnsemble.Quantile([], 0.5));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Predict_OfFreshData_CoversWhatItSays(bool isSkewed)
    {
        // Noise that grows with x, normal or exponential: intervals from the folds hold for rows that nobody has seen.
        double inner = 0, outer = 0;
        const int Sets = 6, Fresh = 500;
        for (var set = 0; set < Sets; set++)
        {
            var random = new RandomSource(set);
            var (rows, targets) = Data(150, random, isSkewed);
            var model = Model(rows, targets, set);
            var (others, losses) = Data(Fresh, random, isSkewed);
            var quantiles = new double[QuantileEnsemble.Levels.Length];
            for (var i = 0; i < Fresh; i++)
            {
                model.Predict(i % ConformalQuantiles.Folds, others[i], quantiles);
                if (losses[i] >= quantiles[0] && losses[i] <= quantiles[4]) outer += 1.0 / (Sets * Fresh);
                if (losses[i] >= quantiles[1] && losses[i] <= quantiles[3]) inner += 1.0 / (Sets * Fresh);
            }
        }

        Assert.AreEqual(0.8, outer, 0.05);
        Assert.AreEqual(0.4, inner, 0.06);
    }

    [TestMethod]
    public void Predict_OfNoiseThatGrows_HasWiderIntervalsThere()
    {
        var random = new RandomSource(1);
        var (rows, targets) = Data(300, random, false);
        var model = Model(rows, targets, 1);
        Assert.IsTrue(Width(0.95) > 1.5 * Width(0.05), $"{Width(0.05)} {Width(0.95)}");

        double Width(double x)
        {
            var sum = 0.0;
            var quantiles = new double[QuantileEnsemble.Levels.Length];
            for (var y = 0.05; y < 1; y += 0.1)
            {
                model.Predict(0, [x, y], quantiles);
                sum += quantiles[4] - quantiles[0];
            }

            return sum;
        }
    }

    [TestMethod]
    public void Predict_OfAnyPoint_GivesQuantilesInOrder()
    {
        var random = new RandomSource(3);
        var (rows, targets) = Data(40, random, true);
        var model = Model(rows, targets, 3);
        var quantiles = new double[QuantileEnsemble.Levels.Length];
        for (var i = 0; i < 200; i++)
        {
            model.Predict(i % ConformalQuantiles.Folds, [random.NextDouble(), random.NextDouble()], quantiles);
            for (var l = 1; l < quantiles.Length; l++) Assert.IsTrue(quantiles[l] >= quantiles[l - 1]);
        }
    }

    [TestMethod]
    public void LeftOut_OfATrial_DoesNotDependOnItsLoss()
    {
        var random = new RandomSource(5);
        var (rows, targets) = Data(60, random, false);
        var other = (double[])targets.Clone();
        other[17] = 50;
        double[] expected = new double[QuantileEnsemble.Levels.Length], actual = new double[QuantileEnsemble.Levels.Length];
        Model(rows, targets, 5).LeftOut(rows[17], 17, expected);
        Model(rows, other, 5).LeftOut(rows[17], 17, actual);
        CollectionAssert.AreEqual(expected, actual);
    }

    private static ConformalQuantiles Model(double[][] rows, double[] targets, long seed)
        => new(TreeFixtures.Columns(Fixtures.Cube(2)), rows, [.. Enumerable.Range(0, rows.Length)], targets, new QuantileBoostingOptions(), new RandomSource(seed));

    private static (double[][] Rows, double[] Targets) Data(int count, RandomSource random, bool isSkewed)
    {
        double[][] rows = [.. Enumerable.Range(0, count).Select(_ => new[] { random.NextDouble(), random.NextDouble() })];
        return (rows, [.. rows.Select(row => Math.Sin(6 * row[1]) + (0.1 + row[0]) * (isSkewed ? -Math.Log(1 - random.NextDouble()) : random.NextGaussian()))]);
    }
}
