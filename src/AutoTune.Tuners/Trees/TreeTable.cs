namespace AutoTune.Tuners.Trees;

/// <summary>Rows that trees learn from, column by column, and for each ordered column the rows from its smallest value up.</summary>
internal sealed class TreeTable
{
    private readonly double[][] _values;
    private readonly int[][] _orders;

    /// <summary>A table.</summary>
    /// <param name="columns">What the columns are.</param>
    /// <param name="rows">The rows (n), each of c numbers.</param>
    public TreeTable(TreeColumns columns, IReadOnlyList<double[]> rows)
    {
        Columns = columns;
        Count = rows.Count;
        _values = new double[columns.Count][];
        _orders = new int[columns.Count][];
        for (var c = 0; c < columns.Count; c++)
        {
            var values = new double[rows.Count];
            var order = new int[rows.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = rows[i][c];
                order[i] = i;
            }

            if (columns.Labels(c) == 0) Sort((double[])values.Clone(), order);
            _values[c] = values;
            _orders[c] = order;
        }
    }

    public TreeColumns Columns { get; }

    /// <summary>How many rows there are (n).</summary>
    public int Count { get; }

    /// <summary>The values of a column (n).</summary>
    public double[] Values(int column) => _values[column];

    /// <summary>The rows by a column's value, absent ones first (n); of a choice in any order.</summary>
    public int[] Order(int column) => _orders[column];

    // NaN comes first, equal values in the order of their rows: Array.Sort alone is not stable.
    private static void Sort(double[] values, int[] order)
    {
        Array.Sort(values, order);
        for (int start = 0, end; start < values.Length; start = end)
        {
            for (end = start + 1; end < values.Length && values[end].Equals(values[start]); end++) { }
            Array.Sort(order, start, end - start);
        }
    }
}
