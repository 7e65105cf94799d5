using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GradientDescent;

/// <summary>The step that a quadratic model likes best within a ball and a box.</summary>
/// <remarks>
/// <code>
/// minimise  q(s) = g's + s'Bs / 2, B without curvature below zero, where |s| at most the radius, low at most s at most high; s = 0 is inside          s: m
/// l         multiplier of the ball: s(l) minimises q(s) + l s's / 2 over the box alone, and |s(l)| falls with l
/// </code>
/// Nocedal and Wright 2006, theorem 4.1, with the box kept: the least l is sought, by halving its logarithm's range, for which B + l I is positive
/// definite and s(l) is no longer than the radius. The box alone: a sweep that minimises along each coordinate in turn finds out which are at a bound,
/// then a Newton step of the others as far as the box allows, and again. Buffers are kept; not thread-safe.
/// </remarks>
internal sealed class RegionStep(int dimensions)
{
    private const int Halvings = 40, MaxIterations = 100;
    private const double Exact = 1e-12; // of the range
    private const double Least = 1e-12; // of the largest multiplier that can be needed
    private readonly double[] _factor = new double[dimensions * dimensions], _direction = new double[dimensions], _trial = new double[dimensions];
    private readonly int[] _free = new int[dimensions];

    /// <summary>Writes the step.</summary>
    public void Find(ReadOnlySpan<double> gradient, ReadOnlySpan<double> curvature, ReadOnlySpan<double> low, ReadOnlySpan<double> high, double radius, Span<double> step)
    {
        step.Clear();
        var norm = Math.Sqrt(VectorMath.Dot(gradient, gradient));
        if (!(norm > 0)) return;
        // With this multiplier B + l I is positive definite, and no step is longer than the radius.
        var most = 2 * Math.Sqrt(VectorMath.Dot(curvature, curvature)) + norm / radius;
        double above = AutoTune.Spaces.PortableMath.Log(most), below = above + AutoTune.Spaces.PortableMath.Log(Least);
        if (!TryMinimize(gradient, curvature, low, high, most, step))
        {
            step.Clear();
            return;
        }

        for (var k = 0; k < Halvings; k++)
        {
            var middle = k == 0 ? below : 0.5 * (below + above); // the least first: inside the region most steps end where the model is flat
            if (TryMinimize(gradient, curvature, low, high, AutoTune.Spaces.PortableMath.Exp(middle), _trial) && VectorMath.Dot(_trial, _trial) <= radius * radius)
            {
                above = middle;
                _trial.CopyTo(step);
                if (k == 0) return;
            }
            else
            {
                below = middle;
            }
        }
    }

    // False where B + l I is seen not to be positive definite.
    private bool TryMinimize(ReadOnlySpan<double> g, ReadOnlySpan<double> b, ReadOnlySpan<double> low, ReadOnlySpan<double> high, double multiplier, Span<double> s)
    {
        s.Clear();
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            var moved = 0.0;
            for (var i = 0; i < dimensions; i++)
            {
                var pivot = b[i * dimensions + i] + multiplier;
                if (!(pivot > 0)) return false;
                var to = Math.Clamp(s[i] - Slope(g, b, multiplier, s, i) / pivot, low[i], high[i]);
                moved = Math.Max(moved, Math.Abs(to - s[i]));
                s[i] = to;
            }

            if (moved <= Exact) return true;
            var count = 0;
            for (var i = 0; i < dimensions; i++)
            {
                if (s[i] > low[i] && s[i] < high[i]) _free[count++] = i;
            }

            if (count > 0 && !TryStep(g, b, low, high, multiplier, s, count)) return false;
        }

        return true;
    }

    private bool TryStep(ReadOnlySpan<double> g, ReadOnlySpan<double> b, ReadOnlySpan<double> low, ReadOnlySpan<double> high, double multiplier, Span<double> s, int count)
    {
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j <= i; j++) _factor[i * count + j] = b[_free[i] * dimensions + _free[j]] + (i == j ? multiplier : 0);
            _direction[i] = -Slope(g, b, multiplier, s, _free[i]);
        }

        if (!Cholesky.TryFactor(_factor, count, count)) return false;
        Cholesky.Forward(_factor, count, count, _direction.AsSpan(0, count));
        Cholesky.Backward(_factor, count, count, _direction.AsSpan(0, count));
        // As far as the box allows; what lies beyond is for the coordinates that are free then.
        var share = 1.0;
        for (var i = 0; i < count; i++)
        {
            var room = (_direction[i] < 0 ? low[_free[i]] : high[_free[i]]) - s[_free[i]];
            if (Math.Abs(_direction[i]) * share > Math.Abs(room)) share = room / _direction[i];
        }

        for (var i = 0; i < count; i++) s[_free[i]] = Math.Clamp(s[_free[i]] + share * _direction[i], low[_free[i]], high[_free[i]]);
        return true;
    }

    private double Slope(ReadOnlySpan<double> g, ReadOnlySpan<double> b, double multiplier, ReadOnlySpan<double> s, int i)
        => g[i] + VectorMath.Dot(b.Slice(i * dimensions, dimensions), s) + multiplier * s[i];
}
