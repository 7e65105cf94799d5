using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Trees;
using AutoTune.Tuning;
using AutoTune.Tuners.Tests.GaussianProcess;

namespace AutoTune.Tuners.Tests.Trees;

/// <summary>Tables and loops that the tests of trees share.</summary>
internal static class TreeFixtures
{
    public static TreeColumns Columns(SearchSpace space) => new(new SpaceLayout(space));

    public static TreeTable Table(SearchSpace space, params double[][] rows) => new(Columns(space), rows);

    public static int[] Ones(int count) => [.. Enumerable.Repeat(1, count)];

    public static TreeShape Full(int leastInLeaf = 1) => new(int.MaxValue, 2, leastInLeaf, 1);

    /// <summary>The best split of a table's rows by one column.</summary>
    public static SplitSearch Split(TreeTable table, double[] targets, int[]? weights = null, int leastInLeaf = 1, int column = 0)
    {
        weights ??= Ones(targets.Length);
        var split = new SplitSearch(table, targets, weights, leastInLeaf, new RandomSource(1));
        split.Begin(weights.Sum(), targets.Zip(weights, (target, weight) => target * weight).Sum(), 0);
        split.Look(column, table.Order(column));
        return split;
    }

    /// <summary>The median over seeds 0 to <paramref name="seeds"/> - 1 of the best loss.</summary>
    public static double MedianBest(Func<long, ITuner> create, Func<Configuration, double> loss, int trials, int seeds)
    {
        var best = Enumerable.Range(0, seeds).Select(seed => create(seed).Drive(loss, trials, seed).Min(trial => trial.Loss!.Value)).Order().ToArray();
        return best[seeds / 2];
    }
}
