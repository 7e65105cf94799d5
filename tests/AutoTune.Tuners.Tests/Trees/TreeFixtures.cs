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

    /// <summary>The median over seeds of the first trial within 0.25 of a point near a corner, which is all that the study requires.</summary>
    public static int MedianFirstThatMeets(Func<long, ITuner> create, int trials, int seeds)
    {
        double[] point = [0.85, 0.2, 0.75, 0.1];
        var firsts = Enumerable.Range(0, seeds).Select(seed =>
        {
            var tuner = create(seed);
            for (var number = 0; number < trials; number++)
            {
                var configuration = tuner.Ask(number, seed);
                var distance = Math.Sqrt(Fixtures.Reals(configuration).Zip(point, (x, p) => (x - p) * (x - p)).Sum());
                if (distance <= 0.25) return number;
                // The loss leads away from where it is met.
                tuner.Tell(Fixtures.Completed(number, configuration, -distance) with { Violations = [distance - 0.25] });
            }

            return trials;
        });
        return firsts.Order().ElementAt(seeds / 2);
    }
}
