using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>How badly settings explain the trials: the negative log marginal likelihood plus the prior's, with its gradient.</summary>
/// <remarks>
/// <code>
/// h         the parts' share of the signal, searched as t = ln (h / (1 - h));  P: their kernel, scaled by the signal and h;  dK/dt = P - h K
/// K         n x n   signal-scaled kernel of all pairs plus noise on the diagonal, one for all or given;  K = L L'
/// a         n       K^-1 y
/// f         1/2 y'a + sum ln L_ii + prior                                  Rasmussen and Williams 2006, equation 5.8
/// G         n x n   K^-1 - a a';  df/dt = 1/2 sum_ij G_ij dK_ij/dt         equation 5.9
/// M         n x n   L^-1 transposed, so that K^-1 = M M'
/// </code>
/// One evaluation costs n^3 operations (a third for L, the rest for M and K^-1) and n^2 c for the weights' derivatives, all on
/// contiguous rows. Buffers are kept; not thread-safe.
/// </remarks>
internal sealed class SurrogateLikelihood
{
    private readonly TrainingSet _set;
    private readonly SurrogatePrior _prior;
    private readonly int _n;
    private readonly double[] _kernel, _slopes, _parts, _distances, _factor, _inverse, _alpha, _rows, _coefficients;
    private readonly double[][] _unscaled, _scaled, _byLogA, _byLogB;
    private readonly double[] _weights;
    private readonly int[] _bent;
    private double _partSignal;

    /// <summary>A likelihood.</summary>
    /// <param name="set">The trials.</param>
    /// <param name="prior">What was believed before.</param>
    /// <param name="bends">Whether columns may be bent; the logarithms of <see cref="InputWarp"/> then follow those of the settings.</param>
    public SurrogateLikelihood(TrainingSet set, SurrogatePrior prior, bool bends = false)
    {
        _bent = bends ? InputWarp.Columns(set.Layout) : [];
        _set = set;
        _prior = prior;
        _n = set.Count;
        _kernel = new double[_n * _n];
        _slopes = new double[_n * _n];
        _parts = new double[_n * _n];
        _distances = new double[_n];
        _factor = new double[_n * _n];
        _inverse = new double[_n * _n];
        _alpha = new double[_n];
        _rows = new double[4 * _n];
        _coefficients = new double[_n];
        _weights = new double[set.Layout.Weights];
        _scaled = new double[set.Layout.Columns][];
        _unscaled = new double[set.Layout.Columns][];
        for (var c = 0; c < _scaled.Length; c++)
        {
            _scaled[c] = new double[_n];
            _unscaled[c] = set.Column(c).ToArray();
        }

        (_byLogA, _byLogB) = (new double[_bent.Length][], new double[_bent.Length][]);
        for (var b = 0; b < _bent.Length; b++) (_byLogA[b], _byLogB[b]) = (new double[_n], new double[_n]);
    }

    /// <summary>How many logarithms there are: weights, signal, noise, two for each column that can be bent, and the odds of the parts.</summary>
    public int Size => _weights.Length + 3 + 2 * _bent.Length;

    /// <summary>The value at these logarithms; NaN if K cannot be factored there.</summary>
    public double Evaluate(ReadOnlySpan<double> values, Span<double> gradients)
    {
        var layout = _set.Layout;
        var logValues = values[..(_weights.Length + 2)];
        var gradient = gradients[..logValues.Length];
        var warps = values[logValues.Length..^1];
        var byWarp = gradients[logValues.Length..^1];
        Bend(warps);
        var signal = PortableMath.Exp(logValues[^2]);
        var noise = PortableMath.Exp(logValues[^1]);
        for (var w = 0; w < _weights.Length; w++) _weights[w] = PortableMath.Exp(logValues[w]);
        var share = 1 / (1 + PortableMath.Exp(-values[^1]));
        _partSignal = share * signal / _weights.Length;
        FillKernel(layout, (1 - share) * signal);
        _kernel.CopyTo(_factor, 0);
        for (var i = 0; i < _n; i++) _factor[i * _n + i] += _set.NoiseOf(i, noise);
        if (!Cholesky.TryFactor(_factor, _n, _n)) return double.NaN;

        _set.Targets.CopyTo(_alpha, 0);
        Cholesky.Forward(_factor, _n, _n, _alpha);
        var fit = 0.5 * VectorMath.Dot(_alpha, _alpha);
        Cholesky.Backward(_factor, _n, _n, _alpha);
        Cholesky.InverseTransposed(_factor, _n, _n, _inverse);

        gradients.Clear();
        Span<double> sums = stackalloc double[16];
        for (var i = 0; i < _n; i += 4)
        {
            var height = Math.Min(4, _n - i);
            FillRows(i, height, sums);
            for (var r = 0; r < height; r++) AddDerivatives(layout, i + r, _rows.AsSpan(r * _n, i + r + 1), gradient, byWarp, ref gradients[^1]);
        }

        gradients[^1] -= share * gradient[^2];

        for (var w = 0; w < _weights.Length; w++) gradient[w] *= _weights[w];
        gradient[^1] *= _set.Noise is null ? 0.5 * noise : 0;
        var odds = values[^1] / SurrogatePrior.PartsDeviation;
        gradients[^1] += odds / SurrogatePrior.PartsDeviation;
        var doubt = 0.5 * odds * odds;
        for (var k = 0; k < warps.Length; k++)
        {
            var z = warps[k] / InputWarp.Deviation;
            doubt += 0.5 * z * z;
            byWarp[k] = 2 * _weights[layout.WeightOf[_bent[k / 2]]] * byWarp[k] + z / InputWarp.Deviation;
        }

        return fit + Cholesky.HalfLogDeterminant(_factor, _n, _n) + _prior.Add(logValues, gradient) + doubt;
    }

    private void Bend(ReadOnlySpan<double> warps)
    {
        for (var b = 0; b < _bent.Length; b++)
        {
            var column = _set.Column(_bent[b]);
            var bent = _unscaled[_bent[b]];
            for (var i = 0; i < _n; i++) (bent[i], _byLogA[b][i], _byLogB[b][i]) = InputWarp.WithDerivatives(column[i], warps[2 * b], warps[2 * b + 1]);
        }
    }

    private void FillKernel(SpaceLayout layout, double signal)
    {
        for (var c = 0; c < _scaled.Length; c++)
        {
            var scale = layout.IsLabel[c] ? 1 : Math.Sqrt(_weights[layout.WeightOf[c]]);
            for (var i = 0; i < _n; i++) _scaled[c][i] = scale * _unscaled[c][i];
        }

        for (var i = 0; i < _n; i++)
        {
            Span<double> kernel = _kernel.AsSpan(i * _n, i + 1), parts = _parts.AsSpan(i * _n, i + 1), total = _rows.AsSpan(0, i + 1);
            parts.Clear();
            total.Clear();
            for (var c = 0; c < _scaled.Length;)
            {
                var q = Distances(layout, ref c, i, i + 1);
                Matern.AddPart(q, _partSignal, total, parts, []);
            }

            Matern.Evaluate(total, signal, kernel, _slopes.AsSpan(i * _n, i + 1));
            VectorMath.Add(parts, kernel);
            _set.Spread(i, kernel);
            _set.Spread(i, parts);
        }
    }

    // The squared distances of point i to the first ones in the columns from c on that share a weight; c moves behind them.
    private Span<double> Distances(SpaceLayout layout, ref int c, int i, int count)
    {
        var q = _distances.AsSpan(0, count);
        q.Clear();
        var weight = layout.WeightOf[c];
        for (; c < _scaled.Length && layout.WeightOf[c] == weight; c++)
        {
            var column = _scaled[c];
            if (layout.IsLabel[c]) Matern.AddMismatch(column.AsSpan(0, count), column[i], _weights[weight], q);
            else VectorMath.AddSquaredDifference(column.AsSpan(0, count), column[i], q);
        }

        return q;
    }

    // Rows i to i + height - 1 of G, columns 0 to the diagonal. M is zero before its diagonal, so products begin at column i.
    private void FillRows(int i, int height, Span<double> sums)
    {
        for (var j = 0; j < i + height; j += 4)
        {
            if (height == 4 && j + 4 <= _n)
            {
                Cholesky.DotTile(_inverse, i, j, _n, i, _n, sums);
                for (var r = 0; r < 4; r++)
                {
                    for (var c = 0; c < 4; c++) _rows[r * _n + j + c] = sums[r * 4 + c] - _alpha[i + r] * _alpha[j + c];
                }
            }
            else
            {
                for (var r = 0; r < height; r++)
                {
                    for (var c = j; c < Math.Min(j + 4, _n); c++)
                    {
                        var product = VectorMath.Dot(_inverse.AsSpan((i + r) * _n + i, _n - i), _inverse.AsSpan(c * _n + i, _n - i));
                        _rows[r * _n + c] = product - _alpha[i + r] * _alpha[c];
                    }
                }
            }
        }
    }

    private void AddDerivatives(SpaceLayout layout, int i, ReadOnlySpan<double> row, Span<double> gradient, Span<double> byWarp, ref double byOdds)
    {
        gradient[^1] += row[i];
        // Off the diagonal every pair stands for two; on it the distance is zero.
        var kernel = _kernel.AsSpan(i * _n, i + 1);
        gradient[^2] += VectorMath.Dot(row[..i], kernel[..i]) + 0.5 * row[i] * kernel[i];
        var parts = _parts.AsSpan(i * _n, i + 1);
        byOdds += VectorMath.Dot(row[..i], parts[..i]) + 0.5 * row[i] * parts[i];
        var slopes = _slopes.AsSpan(i * _n, i);
        var coefficients = _coefficients.AsSpan(0, i);
        for (int c = 0, next = 0, b = 0; c < _scaled.Length; c++)
        {
            var column = _unscaled[c];
            if (c == next)
            {
                Matern.WeightedSlopes(row[..i], slopes, Distances(layout, ref next, i, i), _partSignal, coefficients);
                _set.Spread(i, coefficients);
            }

            gradient[layout.WeightOf[c]] += layout.IsLabel[c]
                ? Matern.WeightedMismatch(coefficients, column.AsSpan(0, i), column[i])
                : VectorMath.WeightedSquaredDifference(coefficients, column.AsSpan(0, i), column[i]);
            if (b == _bent.Length || _bent[b] != c) continue;
            byWarp[2 * b] += VectorMath.WeightedProduct(coefficients, column.AsSpan(0, i), column[i], _byLogA[b].AsSpan(0, i), _byLogA[b][i]);
            byWarp[2 * b + 1] += VectorMath.WeightedProduct(coefficients, column.AsSpan(0, i), column[i], _byLogB[b].AsSpan(0, i), _byLogB[b][i]);
            b++;
        }
    }
}
