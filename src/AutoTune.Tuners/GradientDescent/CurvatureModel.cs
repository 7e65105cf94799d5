using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GradientDescent;

/// <summary>The loss around a point as a quadratic of the step: slope from the point's gradient, curvature from differences of gradients.</summary>
/// <remarks>
/// <code>
/// s, y      difference of two points, and of their gradients                           m
/// B         curvature, symmetric; at first 0                                           m x m
/// D         diagonal, how strongly each coordinate is thought to bend beside others    m
/// q(s)      g's + s'Bs / 2: what the loss changes by
/// </code>
/// The symmetric rank-one formula (Nocedal and Wright 2006, equation 6.24): B += r r' / r's with r = y - B s. Unlike the formula of Broyden, Fletcher,
/// Goldfarb and Shanno it takes what steps that failed have told (decision 29). Left out where |r's| &lt; 1e-8 |r||s|
/// (equation 6.26), and where the curvature along s, or all of y, may be noise: the formula divides by r's, so that one short step among noisy gradients
/// would make B of any size. The first pair sets B to a multiple of D first (equation 6.20, of D^1/2 s and D^-1/2 y). Curvature below zero, often learnt from one pair, would
/// send coordinates to the ends of their ranges whatever their slopes say, and is left out in the end: there the slope alone is followed (decision 33). Not thread-safe.
/// </remarks>
internal sealed class CurvatureModel(int dimensions)
{
    private const double LeastCosine = 1e-8, Deviations = 3;
    private readonly double[] _b = new double[dimensions * dimensions], _rest = new double[dimensions], _vectors = new double[dimensions * dimensions];
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
    /// <param name="bends">D, above zero.</param>
    /// <param name="noise">Standard deviation of the noise of each of y.</param>
    public void Learn(ReadOnlySpan<double> s, ReadOnlySpan<double> y, ReadOnlySpan<double> bends, double noise = 0)
    {
        double ss = VectorMath.Dot(s, s), yy = VectorMath.Dot(y, y), sy = VectorMath.Dot(s, y);
        if (!(ss > 0) || !double.IsFinite(yy / ss) || yy < Deviations * Deviations * noise * noise * dimensions) return;
        if (!_hasPair)
        {
            _hasPair = true;
            double sds = 0, ydy = 0;
            for (var i = 0; i < dimensions; i++) (sds, ydy) = (sds + bends[i] * s[i] * s[i], ydy + y[i] * y[i] / bends[i]);
            var scale = sy > 0 ? Math.Min(ydy / sy, 10 * Math.Sqrt(ydy / sds)) : 0;
            for (var i = 0; i < dimensions; i++) _b[i * dimensions + i] = scale * bends[i];
        }

        for (var i = 0; i < dimensions; i++) _rest[i] = y[i] - VectorMath.Dot(_b.AsSpan(i * dimensions, dimensions), s);
        var product = VectorMath.Dot(_rest, s);
        if (!(Math.Abs(product) >= LeastCosine * Math.Sqrt(ss * VectorMath.Dot(_rest, _rest))) || Math.Abs(product) <= Deviations * noise * Math.Sqrt(ss)) return;
        for (var i = 0; i < dimensions; i++) VectorMath.AddScaled(_rest, _rest[i] / product, _b.AsSpan(i * dimensions, dimensions));
    }

    /// <summary>Leaves curvature below zero out, when all pairs are learnt: B is the nearest that has none, where a step is W s.</summary>
    /// <param name="weights">W, diagonal (m).</param>
    public void MakeConvex(ReadOnlySpan<double> weights)
    {
        _b.CopyTo(_vectors, 0);
        if (Cholesky.TryFactor(_vectors, dimensions, dimensions)) return; // as it is; far quicker than eigenvectors
        for (var i = 0; i < dimensions; i++)
        {
            for (var j = 0; j < dimensions; j++) _b[i * dimensions + j] /= weights[i] * weights[j];
        }

        SymmetricEigen.Decompose(_b, _vectors, dimensions);
        for (var k = 0; k < dimensions; k++) _rest[k] = Math.Max(_b[k * dimensions + k], 0);
        _b.AsSpan().Clear();
        for (var k = 0; k < dimensions; k++)
        {
            var vector = _vectors.AsSpan(k * dimensions, dimensions);
            for (var i = 0; i < dimensions; i++) vector[i] *= weights[i];
            for (var i = 0; i < dimensions && _rest[k] > 0; i++) VectorMath.AddScaled(vector, _rest[k] * vector[i], _b.AsSpan(i * dimensions, dimensions));
        }
    }
}
