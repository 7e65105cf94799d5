namespace AutoTune.Tuners.Numerics;

/// <summary>A smooth function: returns its value at <paramref name="point"/> and writes its gradient.</summary>
internal delegate double SmoothFunction(ReadOnlySpan<double> point, Span<double> gradient);

/// <summary>Minimises a smooth function over a box: a projected quasi-Newton method with limited memory.</summary>
/// <remarks>
/// <code>
/// x, g      point and gradient (n)
/// free      coordinates not held at a bound by their gradient (Bertsekas 1982: two-metric projection)
/// s, y      the last few changes of x and g; H is their L-BFGS inverse Hessian (Nocedal and Wright, algorithm 7.4)
/// </code>
/// Steps backtrack along the projected arc until Armijo's condition holds (c = 1e-4); a value that is not finite counts as too far.
/// Bounds are met exactly. Buffers are kept between calls; not thread-safe.
/// </remarks>
internal sealed class BoxMinimizer(int dimensions)
{
    private const int Memory = 8;
    private readonly double[][] _s = Rows(dimensions), _y = Rows(dimensions);
    private readonly double[] _curvature = new double[Memory], _factors = new double[Memory];
    private readonly double[] _gradient = new double[dimensions], _nextGradient = new double[dimensions];
    private readonly double[] _next = new double[dimensions], _direction = new double[dimensions];
    private readonly bool[] _free = new bool[dimensions];
    private int _pairs, _newest;

    /// <summary>Moves <paramref name="x"/> downhill.</summary>
    /// <param name="function">The function.</param>
    /// <param name="x">The start on entry, the best point on return; within the bounds.</param>
    /// <param name="low">The lower bounds.</param>
    /// <param name="high">The upper bounds.</param>
    /// <param name="maxEvaluations">How many values may be asked for.</param>
    /// <param name="tolerance">Ends when no coordinate of the projected gradient is larger.</param>
    /// <returns>The value at the best point; not finite if it was not at the start.</returns>
    public double Minimize(SmoothFunction function, Span<double> x, ReadOnlySpan<double> low, ReadOnlySpan<double> high, int maxEvaluations, double tolerance)
    {
        var n = x.Length;
        Span<double> g = _gradient.AsSpan(0, n), next = _next.AsSpan(0, n), nextG = _nextGradient.AsSpan(0, n), d = _direction.AsSpan(0, n);
        _pairs = 0;
        for (var i = 0; i < n; i++) x[i] = Math.Clamp(x[i], low[i], high[i]);
        var value = function(x, g);
        var evaluations = 1;
        while (double.IsFinite(value) && evaluations < maxEvaluations)
        {
            var largest = 0.0;
            for (var i = 0; i < n; i++)
            {
                _free[i] = !((x[i] <= low[i] && g[i] >= 0) || (x[i] >= high[i] && g[i] <= 0));
                if (_free[i]) largest = Math.Max(largest, Math.Abs(g[i]));
            }

            if (largest <= tolerance) break;
            Direct(g, d);
            if (_pairs == 0)
            {
                // Nothing is known of the curvature yet: begin with a step of a tenth of the box at most.
                var scale = 1.0;
                for (var i = 0; i < n; i++)
                {
                    if (d[i] != 0) scale = Math.Min(scale, 0.1 * (high[i] - low[i]) / Math.Abs(d[i]));
                }

                for (var i = 0; i < n; i++) d[i] *= scale;
            }

            var step = 1.0;
            var moved = false;
            while (evaluations < maxEvaluations && step > 1e-10)
            {
                var slope = 0.0;
                for (var i = 0; i < n; i++)
                {
                    next[i] = Math.Clamp(x[i] + step * d[i], low[i], high[i]);
                    slope += g[i] * (next[i] - x[i]);
                }

                var nextValue = function(next, nextG);
                evaluations++;
                if (double.IsFinite(nextValue) && nextValue <= value + 1e-4 * slope && slope < 0)
                {
                    var gain = value - nextValue;
                    Remember(x, g, next, nextG);
                    next.CopyTo(x);
                    nextG.CopyTo(g);
                    value = nextValue;
                    moved = gain > 1e-12 * Math.Max(1, Math.Abs(value));
                    break;
                }

                // The minimum of the parabola through what is known, kept within [0.1, 0.5] of the step.
                var parabola = double.IsFinite(nextValue) ? -0.5 * slope / (nextValue - value - slope) : 0.1;
                step *= double.IsFinite(parabola) ? Math.Clamp(parabola, 0.1, 0.5) : 0.25;
            }

            if (moved) continue;
            if (_pairs == 0) break;
            _pairs = 0; // the curvature misled: once more along the gradient
        }

        return value;
    }

    private static double[][] Rows(int dimensions)
    {
        var rows = new double[Memory][];
        for (var i = 0; i < Memory; i++) rows[i] = new double[dimensions];
        return rows;
    }

    private void Direct(ReadOnlySpan<double> g, Span<double> d)
    {
        for (var i = 0; i < d.Length; i++) d[i] = _free[i] ? -g[i] : 0;
        for (var k = 0; k < _pairs; k++)
        {
            var at = (_newest - k + Memory) % Memory;
            _factors[at] = VectorMath.Dot(_s[at].AsSpan(0, d.Length), d) / _curvature[at];
            VectorMath.AddScaled(_y[at].AsSpan(0, d.Length), -_factors[at], d);
        }

        if (_pairs > 0)
        {
            var newest = _y[_newest].AsSpan(0, d.Length);
            var scale = _curvature[_newest] / VectorMath.Dot(newest, newest);
            for (var i = 0; i < d.Length; i++) d[i] *= scale;
        }

        for (var k = _pairs - 1; k >= 0; k--)
        {
            var at = (_newest - k + Memory) % Memory;
            var factor = _factors[at] - VectorMath.Dot(_y[at].AsSpan(0, d.Length), d) / _curvature[at];
            VectorMath.AddScaled(_s[at].AsSpan(0, d.Length), factor, d);
        }

        var slope = 0.0;
        for (var i = 0; i < d.Length; i++)
        {
            if (!_free[i]) d[i] = 0;
            slope += d[i] * g[i];
        }

        if (slope < 0) return;
        _pairs = 0; // not a descent direction once masked
        for (var i = 0; i < d.Length; i++) d[i] = _free[i] ? -g[i] : 0;
    }

    private void Remember(ReadOnlySpan<double> x, ReadOnlySpan<double> g, ReadOnlySpan<double> next, ReadOnlySpan<double> nextG)
    {
        var at = (_newest + 1) % Memory;
        double sy = 0, yy = 0, ss = 0;
        for (var i = 0; i < x.Length; i++)
        {
            double s = next[i] - x[i], y = nextG[i] - g[i];
            _s[at][i] = s;
            _y[at][i] = y;
            sy += s * y;
            yy += y * y;
            ss += s * s;
        }

        if (!(sy > 1e-10 * Math.Sqrt(ss * yy)))
        {
            // Negative curvature would spoil the metric. When the memory is full this slot was the oldest pair's.
            _pairs = Math.Min(_pairs, Memory - 1);
            return;
        }

        _curvature[at] = sy;
        _newest = at;
        _pairs = Math.Min(_pairs + 1, Memory);
    }
}
