using AutoTune.Tuners.Trees;

namespace AutoTune.Tuners.QuantileBoosting;

/// <summary>Boosted trees for several quantiles of the loss at once: each tree moves all of them.</summary>
/// <remarks>
/// <code>
/// L, T       quantile levels a_l, trees
/// f_l        prediction of quantile l, at first that of all losses
/// r_i        a_l - [y_i below f_l(x_i)]: the descent of the pinball loss, which a tree's questions explain    (Friedman 2001)
/// leaf       f_l moves by the rate times quantile a_l of the leaf's residuals y - f_l, for every l
/// </code>
/// Trees take turns in whose descent they follow. Trees for each level apart would cost L times as much, and their
/// quantiles would cross more often. Each tree sees a random part of many rows (Friedman 2002). Immutable once made.
/// </remarks>
internal sealed class QuantileEnsemble
{
    public static readonly double[] Levels = [0.1, 0.3, 0.5, 0.7, 0.9];
    private const double Rate = 0.2; // chosen: half the trees of 0.1, and as good
    private const int MaxRowsPerTree = 256;
    private readonly double[] _start = new double[Levels.Length];
    private readonly RegressionTree[] _trees;
    private readonly double[][] _moves; // by tree: leaf L + level

    /// <summary>Learns.</summary>
    /// <param name="rows">The rows (n).</param>
    /// <param name="grower">Grows trees on that table.</param>
    /// <param name="targets">The warped losses (n).</param>
    /// <param name="counts">Which rows may be learnt from (n); at least one.</param>
    /// <param name="options">How many trees, of what rows.</param>
    /// <param name="random">The randomness.</param>
    public QuantileEnsemble(IReadOnlyList<double[]> rows, TreeGrower grower, double[] targets, bool[] counts, QuantileBoostingOptions options, RandomSource random)
    {
        var levels = Levels.Length;
        int[] seen = [.. Enumerable.Range(0, rows.Count).Where(i => counts[i])];
        var weights = new int[rows.Count];
        var descent = new double[rows.Count];
        var leaves = new int[rows.Count];
        int[] byLeaf = new int[seen.Length], starts = new int[seen.Length + 2], ends = new int[seen.Length + 2];
        var residuals = new double[seen.Length];
        var predicted = new double[rows.Count * levels];
        var share = Math.Min(1, (double)MaxRowsPerTree / seen.Length);
        for (var i = 0; i < seen.Length; i++) residuals[i] = targets[seen[i]];
        Array.Sort(residuals);
        for (var l = 0; l < levels; l++)
        {
            _start[l] = Quantile(residuals, Levels[l]);
            foreach (var i in seen) predicted[i * levels + l] = _start[l];
        }

        _trees = new RegressionTree[options.Trees];
        _moves = new double[options.Trees][];
        for (var t = 0; t < _trees.Length; t++)
        {
            var turn = t * 2 % levels;
            Array.Clear(weights);
            foreach (var i in seen) weights[i] = share >= 1 || random.NextDouble() < share ? 1 : 0;
            if (share < 1) weights[seen[random.NextInt(seen.Length)]] = 1;
            foreach (var i in seen) descent[i] = Levels[turn] - (targets[i] < predicted[i * levels + turn] ? 1 : 0);
            var tree = grower.Grow(descent, weights, random);
            var moves = new double[tree.Leaves * levels];
            // The rows of the tree, leaf after leaf.
            Array.Clear(starts);
            foreach (var i in seen)
            {
                leaves[i] = tree.LeafOf(rows[i]);
                if (weights[i] > 0) starts[leaves[i] + 1]++;
            }

            for (var leaf = 0; leaf < tree.Leaves; leaf++) starts[leaf + 1] += starts[leaf];
            starts.AsSpan(0, tree.Leaves).CopyTo(ends);
            foreach (var i in seen)
            {
                if (weights[i] > 0) byLeaf[ends[leaves[i]]++] = i;
            }

            for (var leaf = 0; leaf < tree.Leaves; leaf++)
            {
                var members = byLeaf.AsSpan(starts[leaf], ends[leaf] - starts[leaf]);
                var part = residuals.AsSpan(0, members.Length);
                for (var l = 0; l < levels; l++)
                {
                    for (var k = 0; k < members.Length; k++) part[k] = targets[members[k]] - predicted[members[k] * levels + l];
                    part.Sort();
                    moves[leaf * levels + l] = Rate * Quantile(part, Levels[l]);
                }
            }

            foreach (var i in seen)
            {
                for (var l = 0; l < levels; l++) predicted[i * levels + l] += moves[leaves[i] * levels + l];
            }

            _trees[t] = tree;
            _moves[t] = moves;
        }
    }

    /// <summary>Adds the quantiles at a point.</summary>
    /// <param name="row">The point's columns (c).</param>
    /// <param name="quantiles">The sums that the quantiles are added to (L).</param>
    public void AddTo(ReadOnlySpan<double> row, Span<double> quantiles)
    {
        for (var l = 0; l < quantiles.Length; l++) quantiles[l] += _start[l];
        for (var t = 0; t < _trees.Length; t++)
        {
            var moves = _moves[t].AsSpan(_trees[t].LeafOf(row) * quantiles.Length, quantiles.Length);
            for (var l = 0; l < quantiles.Length; l++) quantiles[l] += moves[l];
        }
    }

    /// <summary>A quantile of sorted numbers, between two of them in proportion; 0 if there are none.</summary>
    internal static double Quantile(ReadOnlySpan<double> sorted, double level)
    {
        if (sorted.IsEmpty) return 0;
        var at = level * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }

    /// <summary>The quantile of any level, in proportion between two that are known; beyond the ends these.</summary>
    internal static double Between(ReadOnlySpan<double> quantiles, double level)
    {
        for (var l = 1; l < quantiles.Length; l++)
        {
            if (level >= Levels[l]) continue;
            var share = Math.Max(0, (level - Levels[l - 1]) / (Levels[l] - Levels[l - 1]));
            return quantiles[l - 1] + share * (quantiles[l] - quantiles[l - 1]);
        }

        return quantiles[^1];
    }
}
