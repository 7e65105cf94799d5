using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.FrugalSearch;

/// <summary>What a configuration is expected to cost, from those that have been paid for.</summary>
/// <remarks>
/// <code>
/// f         features: 1, each ordered coordinate less its middle, each value of a choice; 0 where it does not exist    p
/// A         identity / 2 + sum of f f^T                                                                               p x p
/// b         sum of f log cost
/// </code>
/// Ridge regression of the logarithm of the cost, A w = b: times of training are by and large products, of rounds by sizes by features.
/// Past 400 features the mean stands for all. Not thread-safe (the solution is kept).
/// </remarks>
internal sealed class LinearCosts
{
    private const double Ridge = 0.5;
    private const int MostFeatures = 400;
    private readonly SpaceLayout _layout;
    private readonly int[] _first;
    private readonly int _count;
    private readonly double[] _a, _b, _features;
    private double[]? _weights;

    public LinearCosts(SpaceLayout layout)
    {
        _layout = layout;
        _first = new int[layout.Count];
        long count = 1;
        for (var j = 0; j < _first.Length && count <= MostFeatures; j++)
        {
            _first[j] = (int)count;
            count += layout[j].Encoded.IsOrdered ? 1 : layout[j].Encoded.Levels!.Value;
        }

        _count = count <= MostFeatures ? (int)count : 1;
        _a = new double[_count * _count];
        _b = new double[_count];
        _features = new double[_count];
        for (var i = 0; i < _count; i++) _a[i * _count + i] = Ridge;
    }

    /// <summary>Learns what was paid.</summary>
    /// <param name="unit">The point.</param>
    /// <param name="active">What exists there.</param>
    /// <param name="log">The logarithm of its cost; NaN, which teaches nothing, where it is not known.</param>
    public void Tell(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active, double log)
    {
        if (double.IsNaN(log)) return;
        SetFeatures(unit, active);
        for (var i = 0; i < _count; i++)
        {
            if (_features[i] == 0) continue;
            VectorMath.AddScaled(_features.AsSpan(0, i + 1), _features[i], _a.AsSpan(i * _count, i + 1));
            _b[i] += _features[i] * log;
        }

        _weights = null;
    }

    /// <summary>The logarithm of the expected cost.</summary>
    public double LogCost(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active)
    {
        _weights ??= Solve();
        SetFeatures(unit, active);
        return VectorMath.Dot(_weights, _features);
    }

    private void SetFeatures(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active)
    {
        Array.Clear(_features);
        _features[0] = 1;
        for (var j = 0; j < unit.Length && _count > 1; j++)
        {
            if (!active[j]) continue;
            var encoded = _layout[j].Encoded;
            if (encoded.IsOrdered) _features[_first[j]] = unit[j] - 0.5;
            else _features[_first[j] + Math.Min((int)(unit[j] * encoded.Levels!.Value), (int)encoded.Levels.Value - 1)] = 1;
        }
    }

    private double[] Solve()
    {
        var factor = (double[])_a.Clone();
        var weights = (double[])_b.Clone();
        if (!Cholesky.TryFactor(factor, _count, _count)) return new double[_count]; // all cost the same, then
        Cholesky.Forward(factor, _count, _count, weights);
        Cholesky.Backward(factor, _count, _count, weights);
        return weights;
    }
}
