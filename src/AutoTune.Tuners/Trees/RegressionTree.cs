namespace AutoTune.Tuners.Trees;

/// <summary>A binary tree that sorts points into leaves; what a leaf stands for is its owner's matter. Immutable.</summary>
internal sealed class RegressionTree
{
    private readonly TreeNode[] _nodes;

    public RegressionTree(TreeNode[] nodes, int leaves)
    {
        _nodes = nodes;
        Leaves = leaves;
    }

    /// <summary>How many leaves there are; at least 1.</summary>
    public int Leaves { get; }

    /// <summary>The number of the leaf of a point, counted from 0.</summary>
    /// <param name="row">The point's columns (c).</param>
    public int LeafOf(ReadOnlySpan<double> row)
    {
        var at = 0;
        while (true)
        {
            ref readonly var node = ref _nodes[at];
            if (node.Column < 0) return node.Next;
            at = node.Next + (node.IsLeft(row[node.Column]) ? 0 : 1);
        }
    }
}

/// <summary>A node.</summary>
/// <param name="Column">The column that it looks at; -1: a leaf.</param>
/// <param name="Next">The number of its left child, the right one following; of a leaf its number among the leaves.</param>
/// <param name="Labels">For a choice the values that go left, a bit each; 0 for an ordered column.</param>
/// <param name="Threshold">For an ordered column the largest value that goes left.</param>
/// <param name="IsAbsentLeft">For an ordered column whether absence goes left.</param>
internal readonly record struct TreeNode(int Column, int Next, ulong Labels, double Threshold, bool IsAbsentLeft)
{
    public static TreeNode Leaf(int number) => new(-1, number, 0, 0, false);

    public bool IsLeft(double value)
    {
        if (Labels != 0) return (Labels >> (int)value & 1) != 0;
        return double.IsNaN(value) ? IsAbsentLeft : value <= Threshold;
    }
}
