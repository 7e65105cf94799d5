using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GradientDescent;

/// <summary>The loss around a point as a quadratic of the step: slope from the point's gradient, curvature from differences of gradients.</summary>
/// <remarks>
/// <code>
/// s, y      difference of two points, and of their gradients                           m
/// B         curvature, symmetric, of either sign; at first 0                           m x m
/// q(s)      g's + s'Bs / 2: what the loss changes by
/// </code>
/// The symmetric rank-one formula (Nocedal and Wright 2006, equation 6.24): B += r r' / r's with r = y - B s. Unlike the formula of Broyden, Fletcher,
/// Goldfarb and Shanno it takes what steps that failed have told, and curvature below zero (decision 29). Left out where |r's| &lt; 1e-8 |r||s|
/// (equation 6.26), and where the curvature along s, or all of y, may be noise: the formula divides by r's, so that one short step among noisy gradients
/// would make B of any size. The first pair sets B to a multiple of the identity first (equation 6.20). Not thread-safe.
/// </remarks>
internal sealed class CurvatureModel(int dimensions)
{
    private const double LeastCosine = 1e-8, Deviations = 3;
    private readonly double[] _b = new double[dimensions * dimensions], _rest = new double[dimensions];
    private bool _hasPair;

    /// <summary>B, row by row.</summary>
    public ReadOnlySpan<double> Curvature => _b;

    /// <summary>q(s).</summary>
    public double Change(ReadOnlySpan<double> gradient, ReadOnlySpan<double> step)
    {
        var sum = VectorMath.Dot(gradient, step);
        for (var i = 0; i < step.Length; i++) sum += 0.5 * step[i] * VectorMath.Dot(_b.AsSpan(i * dimensions, dimensions), step);
        return sum;
    }

    /// <summary>Back to the beginning: B = 0.</summary>
    public void Clear()
    {
        _b.AsSpan().Clear();
        _hasPair = false;
    }

    /// <summary>Learns from two points with gradients; what is not finite teaches nothing.</summary>
    /// <param name="s">The step from one to the other.</param>
    /// <param name="y">The change of the gradient.</param>
    /// <param name="noise">Standard deviation of the noise of each of y.</param>
    public void Learn(ReadOnlySpan<double> s, ReadOnlySpan<double> y, double noise = 0)
    {
        double ss = VectorMath.Dot(s, s), yy = VectorMath.Dot(y, y), sy = VectorMath.Dot(s, y);
        if (!(ss > 0) || !double.IsFinite(yy / ss) || yy < Deviations * Deviations * noise * noise * dimensions) return;
        if (!_hasPair)
        {
            _hasPair = true;
            var scale = sy > 0 ? Math.Min(yy / sy, 10 * Math.Sqrt(yy / ss)) : 0;
            for (var i = 0; i < dimensions; i++) _b[i * dimensions + i] = scale;
        }

        for (var i = 0; i < dimensions; i++) _rest[i] = y[i] - VectorMath.Dot(_b.AsSpan(i * dimensions, dimensions), s);
        var product = VectorMath.Dot(_rest, s);
        if (!(Math.Abs(product) >= LeastCosine * Math.Sqrt(ss * VectorMath.Dot(_rest, _rest))) || Math.Abs(product) <= Deviations * noise * Math.Sqrt(ss)) return;
        for (var i = 0; i < dimensions; i++) VectorMath.AddScaled(_rest, _rest[i] / product, _b.AsSpan(i * dimensions, dimensions));
    }
}
