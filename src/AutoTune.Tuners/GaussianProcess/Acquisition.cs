namespace AutoTune.Tuners.GaussianProcess;

/// <summary>How promising points are: the sum of its terms, minus infinity where a constraint of the space is broken.</summary>
internal sealed class Acquisition
{
    private readonly SearchSpace _space;
    private readonly SpaceLayout _layout;
    private readonly Surrogate _surrogate;
    private readonly IReadOnlyList<IAcquisitionTerm> _terms;
    private readonly bool _hasConstraints;
    private readonly double[] _features, _byFeature;
    private double[] _batch = [];

    /// <summary>An acquisition.</summary>
    /// <param name="space">The space.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="surrogate">The model of the losses, for its length scales.</param>
    /// <param name="terms">What is added up.</param>
    public Acquisition(SearchSpace space, SpaceLayout layout, Surrogate surrogate, IReadOnlyList<IAcquisitionTerm> terms)
    {
        _space = space;
        _layout = layout;
        _surrogate = surrogate;
        _terms = terms;
        _hasConstraints = space.ConstraintNames.Length > 0;
        _features = new double[layout.Columns];
        _byFeature = new double[layout.Columns];
    }

    /// <summary>The values of several settled points.</summary>
    /// <param name="units">The points, one after the other (m d).</param>
    /// <param name="actives">Which hyperparameters exist (m d).</param>
    /// <param name="values">Receives the values (m).</param>
    public void Evaluate(ReadOnlySpan<double> units, ReadOnlySpan<bool> actives, Span<double> values)
    {
        int d = _layout.Count, c = _layout.Columns, m = values.Length;
        if (_batch.Length < m * c) _batch = new double[m * c];
        for (var i = 0; i < m; i++) _layout.Features(units.Slice(i * d, d), actives.Slice(i * d, d), _batch.AsSpan(i * c, c));
        values.Clear();
        foreach (var term in _terms) term.AddTo(_batch.AsSpan(0, m * c), values);
        for (var i = 0; i < m; i++)
        {
            if (Breaks(units.Slice(i * d, d))) values[i] = double.NegativeInfinity;
        }
    }

    /// <summary>The value of one point and its derivatives by the given coordinates, which are ordered and active.</summary>
    public double Evaluate(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active, ReadOnlySpan<int> coordinates, Span<double> gradient)
    {
        if (Breaks(unit)) return double.NegativeInfinity;
        _layout.Features(unit, active, _features);
        _byFeature.AsSpan().Clear();
        var value = 0.0;
        foreach (var term in _terms) value += term.At(_features, _byFeature);
        for (var i = 0; i < coordinates.Length; i++) gradient[i] = _layout.Derivative(coordinates[i], unit, _byFeature);
        return value;
    }

    /// <summary>The length over which the model changes along a coordinate; longer ones than the whole range count as that.</summary>
    public double Reach(int coordinate) => Math.Min(1, _surrogate.LengthScale(_layout[coordinate].Column)) * _layout[coordinate].Span;

    private bool Breaks(ReadOnlySpan<double> unit) => _hasConstraints && !_space.MeetsConstraints(_layout.Decode(unit));
}
