namespace AutoTune.Tuners.CmaEs;

/// <summary>The space as CMA-ES sees it: ordered coordinates with distances between values, and choices without.</summary>
/// <remarks>A hyperparameter with one value is neither. Immutable.</remarks>
internal sealed class CmaLayout
{
    private readonly SearchSpace _space;
    private readonly int[] _ordered, _choices;
    private readonly double[][] _unitsOfLevels;
    private readonly double[] _defaults;

    public CmaLayout(SearchSpace space)
    {
        _space = space;
        var dimensions = space.Encoding.Dimensions;
        List<int> ordered = [], choices = [];
        for (var j = 0; j < dimensions.Length; j++)
        {
            if (dimensions[j].Levels != 1) (dimensions[j].IsOrdered ? ordered : choices).Add(j);
        }

        _ordered = [.. ordered];
        _choices = [.. choices];
        _unitsOfLevels = new double[_choices.Length][];
        for (var c = 0; c < _choices.Length; c++)
        {
            var choice = dimensions[_choices[c]];
            _unitsOfLevels[c] = new double[choice.Levels!.Value];
            for (var level = 0; level < _unitsOfLevels[c].Length; level++) _unitsOfLevels[c][level] = choice.UnitOfLevel(level);
        }

        _defaults = new double[dimensions.Length];
        space.Encoding.Encode(space.Default, _defaults, []);
    }

    /// <summary>How many ordered coordinates there are (n).</summary>
    public int Ordered => _ordered.Length;

    /// <summary>How many choices without order there are.</summary>
    public int Choices => _choices.Length;

    /// <summary>How many values a choice has.</summary>
    public int Levels(int choice) => _unitsOfLevels[choice].Length;

    /// <summary>Whether an ordered coordinate has bins, a value each.</summary>
    public bool IsDiscrete(int coordinate) => Dimension(coordinate).Levels is not null;

    /// <summary>The edges of the bin that holds <paramref name="unit"/>; below 0 and above 1 where there is no neighbour.</summary>
    public (double Low, double High) Bin(int coordinate, double unit)
    {
        var dimension = Dimension(coordinate);
        var centre = dimension.Snap(unit);
        var low = dimension.Snap(0) == centre ? double.NegativeInfinity : Edge(dimension, centre, 0);
        var high = dimension.Snap(1) == centre ? double.PositiveInfinity : Edge(dimension, centre, 1);
        return (low, high);
    }

    public Configuration Decode(ReadOnlySpan<double> ordered, ReadOnlySpan<int> levels)
    {
        double[] unit = [.. _defaults];
        for (var j = 0; j < _ordered.Length; j++) unit[_ordered[j]] = ordered[j];
        for (var c = 0; c < _choices.Length; c++) unit[_choices[c]] = _unitsOfLevels[c][levels[c]];
        return _space.Encoding.Decode(unit);
    }

    /// <summary>Takes a configuration apart.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="ordered">Receives the ordered coordinates (n).</param>
    /// <param name="active">Receives which of them exist (n).</param>
    /// <param name="levels">Receives the value number of each choice; -1 where it does not exist.</param>
    public void Encode(Configuration configuration, Span<double> ordered, Span<bool> active, Span<int> levels)
    {
        var unit = new double[_defaults.Length];
        var exists = new bool[_defaults.Length];
        _space.Encoding.Encode(configuration, unit, exists);
        for (var j = 0; j < _ordered.Length; j++)
        {
            ordered[j] = unit[_ordered[j]];
            active[j] = exists[_ordered[j]];
        }

        for (var c = 0; c < _choices.Length; c++)
            levels[c] = exists[_choices[c]] ? Array.IndexOf(_unitsOfLevels[c], unit[_choices[c]]) : -1;
    }

    private Spaces.EncodedDimension Dimension(int coordinate) => _space.Encoding.Dimensions[_ordered[coordinate]];

    // By bisection: bins of a log scale differ in width, and only the domain knows where they end.
    private static double Edge(Spaces.EncodedDimension dimension, double centre, double outside)
    {
        var inside = centre;
        for (var step = 0; step < 50; step++)
        {
            var middle = 0.5 * (inside + outside);
            if (dimension.Snap(middle) == centre) inside = middle;
            else outside = middle;
        }

        return inside;
    }
}
