namespace AutoTune.Tuners.Trees;

/// <summary>Finds the split of some rows that leaves the smallest sum of squares around the means of its two sides.</summary>
/// <remarks>
/// <code>
/// w, y      weight and target of a row
/// W, S      sums of w and w y over a side
/// gain      SL^2 / WL + SR^2 / WR - S^2 / W: the sum of squares that the split explains       (Breiman and others 1984, 8.4)
/// </code>
/// Ordered columns: every threshold between two values, with the absent rows on either side. Choices: the values by their mean, cut
/// everywhere; among all subsets the best is one of these (Fisher 1958; Breiman and others 1984, 4.2). Between two neighbouring values
/// the threshold is drawn, so that a forest passes smoothly from one to the next. Not thread-safe.
/// </remarks>
internal sealed class SplitSearch(TreeTable table, double[] targets, int[] weights, int leastInLeaf, RandomSource random)
{
    private const int MaxLabels = 64;
    private readonly double[] _labelSums = new double[MaxLabels], _labelMeans = new double[MaxLabels];
    private readonly int[] _labelWeights = new int[MaxLabels], _labelOrder = new int[MaxLabels];
    private double _sum, _rest;
    private int _weight;

    /// <summary>The best split found since <see cref="Begin"/>; without a column if none explains anything.</summary>
    public TreeNode Best { get; private set; }

    /// <summary>How much of the sum of squares the best split explains.</summary>
    public double Gain { get; private set; }

    /// <summary>Begins with the rows of a node.</summary>
    /// <param name="weight">Their weight, W.</param>
    /// <param name="sum">The sum of their targets, S.</param>
    /// <param name="leastGain">What a split must explain to count.</param>
    public void Begin(int weight, double sum, double leastGain)
    {
        _weight = weight;
        _sum = sum;
        _rest = sum * sum / weight;
        Gain = leastGain;
        Best = TreeNode.Leaf(0);
    }

    /// <summary>Looks at the splits by one column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="rows">The node's rows, by the column's value if it is ordered.</param>
    public void Look(int column, ReadOnlySpan<int> rows)
    {
        if (table.Columns.Labels(column) is var labels && labels > 0) LookAtChoice(column, labels, rows);
        else LookAtOrdered(column, rows);
    }

    private void LookAtOrdered(int column, ReadOnlySpan<int> rows)
    {
        var values = table.Values(column);
        var absentWeight = 0;
        var absentSum = 0.0;
        var first = 0;
        for (; first < rows.Length && double.IsNaN(values[rows[first]]); first++)
        {
            absentWeight += weights[rows[first]];
            absentSum += weights[rows[first]] * targets[rows[first]];
        }

        if (first == rows.Length) return;
        if (absentWeight > 0) Consider(_weight - absentWeight, _sum - absentSum, column, 0, 0, double.PositiveInfinity, double.PositiveInfinity, false);
        var weight = 0;
        var sum = 0.0;
        var value = values[rows[first]];
        for (var i = first; i < rows.Length - 1; i++)
        {
            weight += weights[rows[i]];
            sum += weights[rows[i]] * targets[rows[i]];
            var next = values[rows[i + 1]];
            if (next == value) continue;
            Consider(weight, sum, column, 0, value, next, value, false);
            if (absentWeight > 0) Consider(weight + absentWeight, sum + absentSum, column, 0, value, next, value, true);
            value = next;
        }
    }

    private void LookAtChoice(int column, int labels, ReadOnlySpan<int> rows)
    {
        var values = table.Values(column);
        Array.Clear(_labelSums, 0, labels + 1);
        Array.Clear(_labelWeights, 0, labels + 1);
        foreach (var row in rows)
        {
            var label = (int)values[row];
            _labelWeights[label] += weights[row];
            _labelSums[label] += weights[row] * targets[row];
        }

        var seen = 0;
        ulong unseen = 0;
        for (var label = 0; label <= labels; label++)
        {
            if (_labelWeights[label] == 0)
            {
                unseen |= 1UL << label;
                continue;
            }

            var mean = _labelSums[label] / _labelWeights[label];
            var at = seen++;
            for (; at > 0 && _labelMeans[at - 1] > mean; at--)
            {
                _labelMeans[at] = _labelMeans[at - 1];
                _labelOrder[at] = _labelOrder[at - 1];
            }

            _labelMeans[at] = mean;
            _labelOrder[at] = label;
        }

        if (seen < 2) return;
        // Nothing is known of values that no row has: each goes to either side, and so the trees of a forest disagree on it.
        var mask = unseen & random.NextUInt64();
        var weight = 0;
        var sum = 0.0;
        for (var i = 0; i < seen - 1; i++)
        {
            mask |= 1UL << _labelOrder[i];
            weight += _labelWeights[_labelOrder[i]];
            sum += _labelSums[_labelOrder[i]];
            Consider(weight, sum, column, mask, 0, 0, 0, false);
        }
    }

    private void Consider(int weight, double sum, int column, ulong labels, double low, double high, double threshold, bool isAbsentLeft)
    {
        var right = _weight - weight;
        if (weight < leastInLeaf || right < leastInLeaf) return;
        var gain = sum * sum / weight + (_sum - sum) * (_sum - sum) / right - _rest;
        if (!(gain > Gain)) return;
        Gain = gain;
        if (low < high) threshold = Math.Max(low, Math.BitDecrement(Math.Min(high, low + random.NextDouble() * (high - low))));
        Best = new TreeNode(column, 0, labels, threshold, isAbsentLeft);
    }
}
