using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Trees;

/// <summary>How the points of a search space look to trees: a column for each hyperparameter that has more than one value.</summary>
/// <remarks>
/// <code>
/// ordered   the coordinate in [0, 1]; NaN where it does not exist, which a split sends to the side that suits
/// choice    the number of its value; one more than the last where it does not exist
/// </code>
/// A choice of more values than a split can name (63) is treated as if their order meant something: several splits can still take
/// any value out. Immutable.
/// </remarks>
internal sealed class TreeColumns
{
    private const int MaxLabels = 63; // and absence: the 64 bits of a split
    private readonly int[] _dimensions, _labels;

    public TreeColumns(SpaceLayout layout)
    {
        var dimensions = new List<int>();
        var labels = new List<int>();
        for (var j = 0; j < layout.Count; j++)
        {
            var encoded = layout[j].Encoded;
            if (encoded.Levels == 1) continue;
            dimensions.Add(j);
            labels.Add(encoded.IsOrdered || encoded.Levels > MaxLabels ? 0 : (int)encoded.Levels!.Value);
        }

        _dimensions = [.. dimensions];
        _labels = [.. labels];
    }

    /// <summary>How many columns there are (c).</summary>
    public int Count => _dimensions.Length;

    /// <summary>How many values a choice has, absence not counted; 0 for a column of ordered numbers.</summary>
    public int Labels(int column) => _labels[column];

    /// <summary>Writes the row (c) of a settled point.</summary>
    public void Write(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active, Span<double> row)
    {
        for (var c = 0; c < _dimensions.Length; c++)
        {
            var j = _dimensions[c];
            if (_labels[c] == 0) row[c] = active[j] ? unit[j] : double.NaN;
            else row[c] = active[j] ? Math.Min((int)(unit[j] * _labels[c]), _labels[c] - 1) : _labels[c];
        }
    }
}
