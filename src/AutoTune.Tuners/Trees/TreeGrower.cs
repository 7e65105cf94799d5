namespace AutoTune.Tuners.Trees;

/// <summary>Grows regression trees on one table, depth first; every node keeps its rows in order for every column.</summary>
/// <remarks>
/// Each column's rows are sorted once, for the table, and parted at each split without changing their order: a level of a tree costs n c
/// steps and no sort. Sums are in a fixed order, so a tree is the same on every machine. Not thread-safe: buffers are kept.
/// </remarks>
internal sealed class TreeGrower
{
    private const double LeastGainShare = 1e-12; // of the sum of squares: below, it is rounding
    private readonly TreeTable _table;
    private readonly TreeShape _shape;
    private readonly int[][] _rows;
    private readonly int[] _aside, _columns;
    private readonly bool[] _isLeft;
    private readonly List<TreeNode> _nodes = [];
    private readonly Stack<(int Node, int Start, int End, int Depth)> _open = new();

    public TreeGrower(TreeTable table, TreeShape shape)
    {
        _table = table;
        _shape = shape;
        _rows = new int[Math.Max(1, table.Columns.Count)][];
        for (var c = 0; c < _rows.Length; c++) _rows[c] = new int[table.Count];
        _aside = new int[table.Count];
        _isLeft = new bool[table.Count];
        _columns = new int[table.Columns.Count];
    }

    /// <summary>Grows a tree.</summary>
    /// <param name="targets">What it is to explain (n).</param>
    /// <param name="weights">How often each row counts (n); 0: not at all. At least one must count.</param>
    /// <param name="random">Draws columns and thresholds.</param>
    public RegressionTree Grow(double[] targets, int[] weights, RandomSource random)
    {
        var count = Fill(weights);
        var split = new SplitSearch(_table, targets, weights, _shape.LeastInLeaf, random);
        _nodes.Clear();
        _nodes.Add(default);
        _open.Push((0, 0, count, 0));
        var leaves = 0;
        while (_open.TryPop(out var open))
        {
            var (node, start, end, depth) = open;
            Find(split, targets, weights, start, end, depth, random);
            if (split.Best.Column < 0)
            {
                _nodes[node] = TreeNode.Leaf(leaves++);
                continue;
            }

            var middle = Part(split.Best, start, end);
            _nodes[node] = split.Best with { Next = _nodes.Count };
            _open.Push((_nodes.Count + 1, middle, end, depth + 1));
            _open.Push((_nodes.Count, start, middle, depth + 1));
            _nodes.Add(default);
            _nodes.Add(default);
        }

        return new RegressionTree([.. _nodes], leaves);
    }

    private int Fill(int[] weights)
    {
        var count = 0;
        for (var c = 0; c < _columns.Length; c++)
        {
            count = 0;
            foreach (var row in _table.Order(c))
            {
                if (weights[row] > 0) _rows[c][count++] = row;
            }
        }

        return count;
    }

    private void Find(SplitSearch split, double[] targets, int[] weights, int start, int end, int depth, RandomSource random)
    {
        var weight = 0;
        double sum = 0, squares = 0;
        foreach (var row in _rows[0].AsSpan(start, end - start))
        {
            weight += weights[row];
            sum += weights[row] * targets[row];
            squares += weights[row] * targets[row] * targets[row];
        }

        split.Begin(Math.Max(weight, 1), sum, LeastGainShare * squares);
        if (depth >= _shape.MaxDepth || weight < _shape.LeastToSplit || weight < 2 * _shape.LeastInLeaf) return;

        // In random order, so that of equally good columns each has its turn; more than the share only while none of them splits.
        var enough = (int)Math.Ceiling(_shape.ColumnShare * _columns.Length);
        for (var c = 0; c < _columns.Length; c++) _columns[c] = c;
        for (var looked = 0; looked < _columns.Length && (looked < enough || split.Best.Column < 0); looked++)
        {
            var pick = looked + random.NextInt(_columns.Length - looked);
            (_columns[looked], _columns[pick]) = (_columns[pick], _columns[looked]);
            split.Look(_columns[looked], _rows[_columns[looked]].AsSpan(start, end - start));
        }
    }

    private int Part(TreeNode node, int start, int end)
    {
        var values = _table.Values(node.Column);
        foreach (var row in _rows[0].AsSpan(start, end - start)) _isLeft[row] = node.IsLeft(values[row]);
        var middle = start;
        for (var c = 0; c < _columns.Length; c++)
        {
            var rows = _rows[c];
            middle = start;
            var aside = 0;
            for (var i = start; i < end; i++)
            {
                var row = rows[i];
                if (_isLeft[row]) rows[middle++] = row;
                else _aside[aside++] = row;
            }

            Array.Copy(_aside, 0, rows, middle, aside);
        }

        return middle;
    }
}
