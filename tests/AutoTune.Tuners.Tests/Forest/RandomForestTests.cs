using AutoTune.Tuners.Forest;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuners.Tests.Trees;
using AutoTune.Tuners.Trees;

namespace AutoTune.Tuners.Tests.Forest;

[TestClass]
public sealed class RandomForestTests
{
    [TestMethod]
    public void Predict_OfAnyPoint_ObeysTheLawOfTotalVariance()
    {
        // Two values, four noisy losses each: whatever a tree sees, its leaves are the two values, with its own draw of their losses.
        var builder = new SearchSpaceBuilder();
        builder.AddBoolean("flag");
        double[][] rows = [[0], [1], [0], [1], [0], [1], [0], [1]];
        double[] targets = [1, 10, 2, 11, 4, 13, 3, 15];
        var table = TreeFixtures.Table(builder.Build(), rows);
        var forest = new RandomForest(table, targets, new ForestOptions { Trees = 40 }, new RandomSource(2));
        forest.Fill(rows, targets);

        // The mean over trees of E[y^2], less the square of the mean of E[y], by the trees' own leaves.
        double first = 0, second = 0;
        for (var t = 0; t < forest.Trees; t++)
        {
            var (mean, variance) = forest.LeafAt(t, [1]);
            first += mean / forest.Trees;
            second += (variance + mean * mean) / forest.Trees;
        }

        var (predicted, spread) = forest.Predict([1], All(forest));
        Assert.AreEqual(first, predicted, 1e-12);
        Assert.AreEqual(second - first * first, spread, 1e-9);
        Assert.IsTrue(spread > 0.5, $"{spread}");
    }

    [TestMethod]
    public void OutOfBag_OfNoise_PredictsNothing_OfAFunction_Much()
    {
        var random = new RandomSource(4);
        double[][] rows = [.. Enumerable.Range(0, 300).Select(_ => new[] { random.NextDouble(), random.NextDouble() })];
        double[] noise = [.. rows.Select(_ => random.NextGaussian())], signal = [.. rows.Select(row => row[0] + 2 * row[1])];
        Assert.AreEqual(0, Correlation(rows, noise), 0.15);
        Assert.IsTrue(Correlation(rows, signal) > 0.95, $"{Correlation(rows, signal)}");
    }

    [TestMethod]
    public void Fill_WithRowsThatCameLater_KeepsTheQuestionsAndTakesTheirLosses()
    {
        double[][] rows = [[0.1], [0.2], [0.8], [0.9]];
        var table = TreeFixtures.Table(Fixtures.Cube(1), rows);
        var forest = new RandomForest(table, [0, 0, 1, 1], new ForestOptions { Trees = 100 }, new RandomSource(2));
        forest.Fill([.. rows, [0.15], [0.16], [0.17]], [0, 0, 1, 1, 3, 3, 3]);
        Assert.IsTrue(forest.Predict([0.15], All(forest)).Mean > 1, $"{forest.Predict([0.15], All(forest))}");
        Assert.AreEqual(1, forest.Predict([0.95], All(forest)).Mean, 0.4);
    }

    [TestMethod]
    public void ModelSchedule_OfAnyCount_NeverGoesBackAndLagsAFiftiethAtMost()
    {
        var last = 0;
        for (var count = 1; count <= 20_000; count++)
        {
            var at = ModelSchedule.Before(count);
            Assert.IsTrue(at >= last && at <= count && count - at <= count / 50, $"{count}: {at}");
            last = at;
        }
    }

    [TestMethod]
    public void Value_OfWhatIsPending_FallsBelowThatOfOtherPoints()
    {
        var random = new RandomSource(4);
        double[][] rows = [.. Enumerable.Range(0, 40).Select(_ => new[] { random.NextDouble() })];
        double[] targets = [.. rows.Select(row => Math.Abs(row[0] - 0.5))];
        var forest = new RandomForest(TreeFixtures.Table(Fixtures.Cube(1), rows), targets, new ForestOptions(), new RandomSource(2));
        forest.Fill(rows, targets);
        double[] at = [0.501];
        var best = forest.Predict(at, All(forest)).Mean;
        var alone = new ForestAcquisition(forest, All(forest), best, []);
        var beside = new ForestAcquisition(forest, All(forest), best, [at]);
        Assert.IsTrue(beside.Value(at) < alone.Value(at) - 1, $"{alone.Value(at)} {beside.Value(at)}");
        Assert.AreEqual(alone.Value([0.9]), beside.Value([0.9]));
    }

    private static int[] All(RandomForest forest) => [.. Enumerable.Range(0, forest.Trees)];

    private static double Correlation(double[][] rows, double[] targets)
    {
        var forest = new RandomForest(TreeFixtures.Table(Fixtures.Cube(2), rows), targets, new ForestOptions(), new RandomSource(2));
        forest.Fill(rows, targets);
        var predicted = rows.Select((_, i) => forest.OutOfBag(i)).ToArray();
        return MathNet.Numerics.Statistics.Correlation.Pearson(predicted, targets);
    }
}
