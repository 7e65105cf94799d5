namespace AutoTune.Tuners.GaussianProcess;

/// <summary>How promising points are: log expected improvement and other terms, minus infinity where a constraint of the space is broken.</summary>
internal sealed class Acquisition
{
    private readonly SearchSpace _space;
    private readonly SpaceLayout _layout;
    private readonly Surrogate _surrogate;
    private readonly IReadOnlyList<IAcquisitionTerm> _terms;
    private readonly bool _hasConstraints;
    private readonly double[] _features, _byFeature;
    private double[] _batch = [], _means = [], _variances = [];

    public Acquisition(SearchSpace space, SpaceLayout layout, Surrogate surrogate, double best, IReadOnlyList<IAcquisitionTerm> terms)
    {
        _space = space;
        _terms = terms;
        _layout = layout;
        _surrogate = surrogate;
        Best = best;
        _hasConstraints = space.ConstraintNames.Length > 0;
        _features = new double[layout.Columns];
        _byFeature = new double[layout.Columns];
    }

    /// <summary>The warped loss to improve on.</summary>
    public double Best { get; }

    /// <summary>The values of several settled points.</summary>
    /// <param name="units">The points, one after the other (m d).</param>
    /// <param name="actives">Which hyperparameters exist (m d).</param>
    /// <param name="values">Receives the values (m).</param>
    public void Evaluate(ReadOnlySpan<double> units, ReadOnlySpan<bool> actives, Span<double> values)
    {
        int d = _layout.Count, c = _layout.Columns, m = values.Length;
        if (_means.Length < m)
        {
            _batch = new double[m * c];
            _means = new double[m];
            _variances = new double[m];
        }

        for (var i = 0; i < m; i++) _layout.Features(units.Slice(i * d, d), actives.Slice(i * d, d), _batch.AsSpan(i * c, c));
        _surrogate.Predict(_batch.AsSpan(0, m * c), _means.AsSpan(0, m), _variances.AsSpan(0, m));
        for (var i = 0; i < m; i++) values[i] = LogExpectedImprovement.Value(_means[i], Math.Sqrt(_variances[i]), Best);
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
        var (mean, variance) = _surrogate.At(_features);
        var deviation = Math.Sqrt(variance);
        var (value, byMean, byDeviation) = LogExpectedImprovement.WithDerivatives(mean, deviation, Best);
        _byFeature.AsSpan().Clear();
        _surrogate.AddGradient(byMean, 0.5 * byDeviation / deviation, _byFeature);
        foreach (var term in _terms) value += term.At(_features, _byFeature);
        for (var i = 0; i < coordinates.Length; i++) gradient[i] = _layout.Derivative(coordinates[i], unit, _byFeature);
        return value;
    }

    /// <summary>The length over which the model changes along a coordinate; longer ones than the whole range count as that.</summary>
    public double Reach(int coordinate) => Math.Min(1, _surrogate.LengthScale(_layout[coordinate].Column)) * _layout[coordinate].Span;

    private bool Breaks(ReadOnlySpan<double> unit) => _hasConstraints && !_space.MeetsConstraints(_layout.Decode(unit));
}
