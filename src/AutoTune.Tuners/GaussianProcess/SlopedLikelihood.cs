using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary><see cref="SurrogateLikelihood"/> for trials of which derivatives are known too; the kernel between them is <see cref="SlopedKernel"/>'s.</summary>
/// <remarks>
/// <code>
/// rows      the n losses, then the m derivatives                                                           N = n + m
/// r         noise of the derivatives as a share of their variance: the diagonal of a derivative gets r 5/3 signal T
/// D_c       squared difference of two rows in column c, or 1 where labels differ;  d_c: the difference
/// dK/dw_c   loss, loss      k' D_c
///           loss, D_v       -2 (k'' S_v D_c + k' v_c d_c)
///           D_u, D_v        -(4 k''' S_u S_v + 2 k'' T) D_c - 4 k'' (u_c S_v + v_c S_u) d_c - 2 k' u_c v_c
/// </code>
/// Costs N^3. Buffers are kept; not thread-safe.
/// </remarks>
internal sealed class SlopedLikelihood
{
    private const int Tile = 4;
    private readonly TrainingSet _set;
    private readonly SurrogatePrior _prior;
    private readonly SlopeRows.Row[] _slopeRows;
    private readonly int _n, _all;
    private readonly double[] _kernel, _first, _distance, _factor, _inverse, _targets, _alpha, _weights, _scales, _row, _rows, _coefficients, _variance;
    private readonly double[][] _columns, _scaled;

    /// <summary>A likelihood.</summary>
    /// <param name="set">The trials, with derivatives.</param>
    /// <param name="prior">What was believed before.</param>
    public SlopedLikelihood(TrainingSet set, SurrogatePrior prior)
    {
        (_set, _prior, _slopeRows, _n) = (set, prior, set.Slopes!.Rows, set.Count);
        _all = _n + _slopeRows.Length;
        _kernel = new double[_all * _all];
        _first = new double[_all * _all];
        _distance = new double[_all * _all];
        _factor = new double[_all * _all];
        _inverse = new double[_all * _all];
        _targets = [.. set.Targets, .. _slopeRows.Select(row => row.Target)];
        _alpha = new double[_all];
        _weights = new double[set.Layout.Weights];
        _scales = new double[set.Layout.Columns];
        _row = new double[_all];
        _rows = new double[Tile * _all];
        _coefficients = new double[_all];
        _variance = new double[_slopeRows.Length];
        _columns = new double[set.Layout.Columns][];
        _scaled = new double[set.Layout.Columns][];
        for (var c = 0; c < _columns.Length; c++)
        {
            var column = set.Column(c).ToArray();
            _columns[c] = [.. column, .. _slopeRows.Select(row => column[row.Trial])];
            _scaled[c] = new double[_all];
        }
    }

    /// <summary>How many logarithms there are: weights, signal, noise of the losses, noise of the derivatives.</summary>
    public int Size => _weights.Length + 3;

    /// <summary>The value at these logarithms; NaN if the covariance matrix cannot be factored there.</summary>
    public double Evaluate(ReadOnlySpan<double> logValues, Span<double> gradient)
    {
        var w = _weights.Length;
        double signal = PortableMath.Exp(logValues[w]), noise = PortableMath.Exp(logValues[w + 1]), slopeNoise = PortableMath.Exp(logValues[w + 2]);
        for (var k = 0; k < w; k++) _weights[k] = PortableMath.Exp(logValues[k]);
        FillKernel(signal);
        _kernel.CopyTo(_factor, 0);
        for (var i = 0; i < _n; i++) _factor[i * _all + i] += _set.NoiseOf(i, noise);
        for (var r = 0; r < _variance.Length; r++)
        {
            _variance[r] = _kernel[(_n + r) * _all + _n + r];
            _factor[(_n + r) * _all + _n + r] += slopeNoise * _variance[r];
        }

        if (!Cholesky.TryFactor(_factor, _all, _all)) return double.NaN;
        _targets.CopyTo(_alpha, 0);
        Cholesky.Forward(_factor, _all, _all, _alpha);
        var fit = 0.5 * VectorMath.Dot(_alpha, _alpha);
        Cholesky.Backward(_factor, _all, _all, _alpha);
        Cholesky.InverseTransposed(_factor, _all, _all, _inverse);
        gradient.Clear();
        for (var i = 0; i < _all; i += Tile)
        {
            var height = Math.Min(Tile, _all - i);
            FillRows(i, height);
            for (var r = 0; r < height; r++)
            {
                _rows.AsSpan(r * _all, i + r + 1).CopyTo(_row);
                _row[i + r] *= 0.5; // off the diagonal every pair stands for two
                AddDerivatives(i + r, gradient, noise, slopeNoise);
            }
        }

        for (var k = 0; k < w; k++) gradient[k] *= _weights[k];
        var z = (logValues[w + 2] - SurrogatePrior.SlopeNoiseMean) / SurrogatePrior.SlopeNoiseDeviation;
        gradient[w + 2] += z / SurrogatePrior.SlopeNoiseDeviation;
        return fit + Cholesky.HalfLogDeterminant(_factor, _all, _all) + _prior.Add(logValues[..(w + 2)], gradient[..(w + 2)]) + 0.5 * z * z;
    }

    private void FillKernel(double signal)
    {
        var layout = _set.Layout;
        for (var c = 0; c < _scaled.Length; c++)
        {
            _scales[c] = Math.Sqrt(_weights[layout.WeightOf[c]]);
            for (var i = 0; i < _all; i++) _scaled[c][i] = layout.IsLabel[c] ? _columns[c][i] : _scales[c] * _columns[c][i];
        }

        for (var i = 0; i < _all; i++)
        {
            var q = _distance.AsSpan(i * _all, i + 1);
            q.Clear();
            for (var c = 0; c < _scaled.Length; c++)
            {
                var column = _scaled[c];
                if (layout.IsLabel[c]) Matern.AddMismatch(column.AsSpan(0, i + 1), column[i], _weights[layout.WeightOf[c]], q);
                else VectorMath.AddSquaredDifference(column.AsSpan(0, i + 1), column[i], q);
            }

            Span<double> kernel = _kernel.AsSpan(i * _all, i + 1), first = _first.AsSpan(i * _all, i + 1);
            Matern.Evaluate(q, signal, kernel, first);
            if (i < _n)
            {
                _set.Spread(i, kernel);
                _set.Spread(i, first);
                continue;
            }

            var u = _slopeRows[i - _n].Direction;
            for (var j = 0; j <= i; j++)
            {
                var along = SlopedKernel.Along(u, _scaled, _scales, i, j);
                if (j < _n)
                {
                    kernel[j] = 2 * first[j] * along;
                    continue;
                }

                var v = _slopeRows[j - _n].Direction;
                var second = SlopedKernel.Second(first[j], q[j]);
                kernel[j] = -4 * second * along * SlopedKernel.Along(v, _scaled, _scales, i, j) - 2 * first[j] * SlopedKernel.Product(u, v, _scales);
            }
        }
    }

    // Rows i to i + height - 1 of K^-1 - a a', columns 0 to the diagonal; four rows at once where there are four.
    private void FillRows(int i, int height)
    {
        Span<double> sums = stackalloc double[Tile * Tile];
        for (var j = 0; j < i + height; j += Tile)
        {
            var width = Math.Min(Tile, _all - j);
            var isWhole = height == Tile && width == Tile;
            if (isWhole) Cholesky.DotTile(_inverse, i, j, _all, i, _all, sums);
            for (var r = 0; r < height; r++)
            {
                for (var c = 0; c < width; c++)
                {
                    var product = isWhole ? sums[r * Tile + c] : VectorMath.Dot(_inverse.AsSpan((i + r) * _all + i, _all - i), _inverse.AsSpan((j + c) * _all + i, _all - i));
                    _rows[r * _all + j + c] = product - _alpha[i + r] * _alpha[j + c];
                }
            }
        }
    }

    private void AddDerivatives(int i, Span<double> gradient, double noise, double slopeNoise)
    {
        var (layout, w) = (_set.Layout, _weights.Length);
        Span<double> kernel = _kernel.AsSpan(i * _all, i + 1), first = _first.AsSpan(i * _all, i + 1);
        gradient[w] += VectorMath.Dot(_row.AsSpan(0, i + 1), kernel);
        if (i < _n)
        {
            gradient[w + 1] += _set.Noise is null ? _row[i] * noise : 0;
            for (var j = 0; j < i; j++) _coefficients[j] = _row[j] * first[j];
        }
        else
        {
            var u = _slopeRows[i - _n].Direction;
            gradient[w] += _row[i] * slopeNoise * _variance[i - _n];
            gradient[w + 2] += _row[i] * slopeNoise * _variance[i - _n];
            AddProduct(u, u, -2 * first[i] * slopeNoise * _row[i], gradient);
            for (var j = 0; j <= i; j++)
            {
                var along = SlopedKernel.Along(u, _scaled, _scales, i, j);
                var q = _distance[i * _all + j];
                var second = SlopedKernel.Second(first[j], q);
                if (j < _n)
                {
                    // d_c is that of row i less row j: the loss is at j, so both signs turn.
                    _coefficients[j] = 2 * _row[j] * second * along;
                    AddAlong(u, i, j, 2 * _row[j] * first[j], gradient);
                    continue;
                }

                var v = _slopeRows[j - _n].Direction;
                var other = SlopedKernel.Along(v, _scaled, _scales, i, j);
                var product = SlopedKernel.Product(u, v, _scales);
                _coefficients[j] = -_row[j] * (4 * SlopedKernel.Third(second, q) * along * other + 2 * second * product);
                AddAlong(u, i, j, -4 * _row[j] * second * other, gradient);
                AddAlong(v, i, j, -4 * _row[j] * second * along, gradient);
                AddProduct(u, v, -2 * _row[j] * first[j], gradient);
            }
        }

        for (var c = 0; c < _columns.Length; c++)
        {
            var column = _columns[c];
            gradient[layout.WeightOf[c]] += layout.IsLabel[c]
                ? Matern.WeightedMismatch(_coefficients.AsSpan(0, i), column.AsSpan(0, i), column[i])
                : VectorMath.WeightedSquaredDifference(_coefficients.AsSpan(0, i), column.AsSpan(0, i), column[i]);
        }
    }

    // The parts of a weight's derivative that come from a direction's own columns.
    private void AddAlong(Direction v, int i, int j, double factor, Span<double> gradient)
    {
        gradient[_set.Layout.WeightOf[v.First]] += factor * v.Factor * (_columns[v.First][i] - _columns[v.First][j]);
        if (v.Second >= 0) gradient[_set.Layout.WeightOf[v.Second]] += factor * v.SecondFactor * (_columns[v.Second][i] - _columns[v.Second][j]);
    }

    private void AddProduct(Direction u, Direction v, double factor, Span<double> gradient)
    {
        // Two directions of one hyperparameter share its columns; those of two share none.
        if (u.First != v.First) return;
        gradient[_set.Layout.WeightOf[u.First]] += factor * u.Factor * v.Factor;
        if (u.Second >= 0) gradient[_set.Layout.WeightOf[u.Second]] += factor * u.SecondFactor * v.SecondFactor;
    }
}
