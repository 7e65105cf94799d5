using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>A Gaussian process given trials: mean and variance of the warped loss at any point.</summary>
/// <remarks>
/// <code>
/// x         a point as columns, scaled by the square roots of their weights (c)
/// k         kernel between x and the n + p known points: one function of all hyperparameters plus the mean of functions of one each;  v = L^-1 k
/// a         n + p   K^-1 y for the n finished trials, zero for the p pending ones
/// mean      k'a
/// variance  signal - v'v
/// </code>
/// Trials that did not reach the last step are related to others by k(x, x') (1 + min(u, u')), u being the variance of what may still happen to each, in
/// units of the signal: one process over configuration and step, whose part that is not known yet is as smooth over configurations as the rest,
/// and wears off, like Brownian motion, towards the last step, where u is 0. Everything is predicted there. Where steps are repeats, what is not known is chance instead,
/// noise of that trial alone.
/// Pending trials reduce the variance but not the mean (Desautels and others 2014, hallucinated observations): it is as if each had
/// given exactly what the model expects. Where derivatives of losses are known they are rows of their own: see <see cref="SlopedKernel"/>. Immutable once made, apart from buffers; not thread-safe.
/// </remarks>
internal sealed class Surrogate
{
    private const double LeastVariance = 1e-12;
    private readonly TrainingSet _set;
    private readonly SpaceLayout _layout;
    private readonly int _losses, _finished, _count, _stride; // of the rows the losses come first, then derivatives: all that is known; then pending trials
    private readonly double _signal, _share;
    private readonly double[] _scales, _noise, _factor, _alpha, _kernel, _slopes, _solved, _point;
    private readonly double[][] _columns;
    private readonly double[] _logWarps, _steepness;
    private readonly int[] _bent;
    private readonly SlopeRows.Row[] _slopeRows;
    private readonly double[] _firsts, _distances; // k' of the last kernel, and the squared distances to its derivatives
    private readonly double[] _partDistances, _partKernel, _byKernel;
    private readonly double[][] _partSlopes; // of each weight
    private readonly double[] _direct; // for each derivative what its kernel changes by along its own direction

    private Surrogate(TrainingSet set, KernelSettings settings, IReadOnlyList<Observation> pending)
    {
        _set = set;
        _layout = set.Layout;
        _slopeRows = set.Slopes?.Rows ?? [];
        (_direct, _distances) = (new double[_slopeRows.Length], new double[_slopeRows.Length]);
        _losses = set.Count;
        _finished = set.Count + _slopeRows.Length;
        _count = _finished + pending.Count;
        _stride = _count;
        _firsts = new double[_slopeRows.Length > 0 ? _count : 0];
        _signal = PortableMath.Exp(settings.LogSignal);
        _share = _slopeRows.Length > 0 ? 0 : settings.Parts;
        (_partDistances, _partKernel, _byKernel) = (new double[_count], new double[_count], new double[_count]);
        _partSlopes = new double[_share > 0 ? _layout.Weights : 0][];
        for (var w = 0; w < _partSlopes.Length; w++) _partSlopes[w] = new double[_count];
        _scales = new double[_layout.Columns];
        _columns = new double[_layout.Columns][];
        var pendingColumns = new TrainingSet(_layout, pending, new double[pending.Count]);
        _logWarps = settings.LogWarps;
        _steepness = new double[_layout.Columns];
        _steepness.AsSpan().Fill(1);
        _bent = _logWarps.Length > 0 ? InputWarp.Columns(_layout) : [];
        for (var c = 0; c < _columns.Length; c++)
        {
            var weight = PortableMath.Exp(settings.LogValues[_layout.WeightOf[c]]);
            _scales[c] = _layout.IsLabel[c] ? weight : Math.Sqrt(weight);
            var scale = _layout.IsLabel[c] ? 1 : _scales[c];
            _columns[c] = new double[_count];
            set.Column(c).CopyTo(_columns[c]);
            for (var r = 0; r < _slopeRows.Length; r++) _columns[c][_losses + r] = _columns[c][_slopeRows[r].Trial];
            pendingColumns.Column(c).CopyTo(_columns[c].AsSpan(_finished));
            var b = Array.IndexOf(_bent, c);
            for (var i = 0; i < _count; i++) _columns[c][i] = scale * (b < 0 ? _columns[c][i] : InputWarp.Value(_columns[c][i], _logWarps[2 * b], _logWarps[2 * b + 1]));
        }

        _noise = new double[_count];
        var noise = set.Noise is { Length: > 0 } given ? given.Average() : PortableMath.Exp(settings.LogNoise);
        for (var i = 0; i < _count; i++) _noise[i] = i < _losses ? set.NoiseOf(i, noise) : noise;
        var slopeNoise = 5.0 / 3 * _signal * PortableMath.Exp(settings.LogSlopeNoise);
        for (var r = 0; r < _slopeRows.Length; r++) _noise[_losses + r] = slopeNoise * SlopedKernel.Product(_slopeRows[r].Direction, _slopeRows[r].Direction, _scales);
        _factor = new double[_count * _stride];
        _alpha = new double[_count];
        _kernel = new double[4 * _count];
        _slopes = new double[_count];
        _solved = new double[_count];
        _point = new double[_layout.Columns];
        Targets = set.Targets;
    }

    /// <summary>The warped losses of the finished trials (n).</summary>
    public double[] Targets { get; }

    /// <summary>The variance of the noise of finished trial number <paramref name="index"/>.</summary>
    public double NoiseAt(int index) => _noise[index];

    /// <summary>The mean at finished trial number <paramref name="index"/>, at the last step: its target without the noise that the model sees in it.</summary>
    public double MeanAt(int index) => _set.Drifts is { } drifts && drifts[index] > 0 ? MeanOf(index) : Targets[index] - _noise[index] * _alpha[index];

    /// <summary>The length scale of a column of numbers.</summary>
    public double LengthScale(int column) => 1 / _scales[column];

    /// <summary>What the model expects of pending trial number <paramref name="index"/>.</summary>
    public double PendingMean(int index) => MeanOf(_finished + index);

    /// <summary>For each finished trial the mean that the model without that trial, at the same settings, would have there (n).</summary>
    /// <remarks>y_i - a_i / (K^-1)_ii: Rasmussen and Williams 2006, equation 5.12; with derivatives, which leave with their trial, the same of blocks. Costs one inversion, not n.</remarks>
    public double[] LeftOutMeans()
    {
        var inverse = new double[_finished * _stride];
        Cholesky.InverseTransposed(_factor, _finished, _stride, inverse);
        var means = new double[_losses];
        for (int i = 0, r = 0; i < _losses; i++)
        {
            var from = r;
            while (r < _slopeRows.Length && _slopeRows[r].Trial == i) r++;
            var row = inverse.AsSpan(i * _stride + i, _finished - i);
            means[i] = Targets[i] - (r == from ? _alpha[i] / VectorMath.Dot(row, row) : LeftOutBlock(inverse, i, _losses + from, r - from));
        }

        return means;
    }

    // The first of ((K^-1)_BB)^-1 a_B for the block B of a loss and its derivatives.
    private double LeftOutBlock(double[] inverse, int loss, int first, int count)
    {
        var size = count + 1;
        double[] block = new double[size * size], solved = new double[size];
        for (var i = 0; i < size; i++)
        {
            var a = i == 0 ? loss : first + i - 1;
            solved[i] = _alpha[a];
            for (var j = 0; j <= i; j++)
            {
                var b = j == 0 ? loss : first + j - 1;
                block[i * size + j] = VectorMath.Dot(inverse.AsSpan(a * _stride + a, _finished - a), inverse.AsSpan(b * _stride + a, _finished - a));
            }
        }

        if (!Cholesky.TryFactor(block, size, size)) return 0;
        Cholesky.Forward(block, size, size, solved);
        Cholesky.Backward(block, size, size, solved);
        return solved[0];
    }

    /// <summary>Makes a surrogate, with more noise than the settings say if the matrix cannot be factored otherwise.</summary>
    /// <exception cref="SurrogateException">No noise up to the signal's size helped.</exception>
    public static Surrogate Of(TrainingSet set, KernelSettings settings, IReadOnlyList<Observation> pending)
    {
        var surrogate = new Surrogate(set, settings, pending);
        var least = surrogate._noise.Min();
        while (!surrogate.TryFactor(least))
        {
            least = Math.Max(10 * least, 1e-8 * surrogate._signal);
            if (!(least <= surrogate._signal))
                throw new SurrogateException($"The covariance matrix of {set.Count} trials and {pending.Count} pending ones cannot be factored with any noise.");
        }

        return surrogate;
    }

    /// <summary>Mean and variance at several points.</summary>
    /// <param name="features">The points' columns, unscaled, one point after the other (m c).</param>
    /// <param name="means">Receives the means (m).</param>
    /// <param name="variances">Receives the variances (m).</param>
    public void Predict(ReadOnlySpan<double> features, Span<double> means, Span<double> variances)
    {
        var c = _layout.Columns;
        for (var i = 0; i < means.Length; i += 4)
        {
            var size = Math.Min(4, means.Length - i);
            for (var r = 0; r < size; r++)
            {
                var kernel = _kernel.AsSpan(r * _count, _count);
                FillKernel(Scaled(features.Slice((i + r) * c, c)), kernel, []);
                means[i + r] = VectorMath.Dot(kernel, _alpha);
            }

            if (size == 4)
            {
                Cholesky.Forward4(_factor, _count, _stride, _kernel.AsSpan(0, _count), _kernel.AsSpan(_count, _count),
                    _kernel.AsSpan(2 * _count, _count), _kernel.AsSpan(3 * _count, _count));
            }

            for (var r = 0; r < size; r++)
            {
                var kernel = _kernel.AsSpan(r * _count, _count);
                if (size < 4) Cholesky.Forward(_factor, _count, _stride, kernel);
                variances[i + r] = Math.Max(_signal - VectorMath.Dot(kernel, kernel), LeastVariance);
            }
        }
    }

    /// <summary>Mean and variance at one point, after which <see cref="AddGradient"/> can be asked for their derivatives there.</summary>
    public (double Mean, double Variance) At(ReadOnlySpan<double> features)
    {
        var kernel = _kernel.AsSpan(0, _count);
        FillKernel(Scaled(features), kernel, _slopes);
        for (var b = 0; b < _bent.Length; b++) _steepness[_bent[b]] = InputWarp.Slope(features[_bent[b]], _logWarps[2 * b], _logWarps[2 * b + 1]);
        kernel.CopyTo(_solved);
        Cholesky.Forward(_factor, _count, _stride, _solved);
        return (VectorMath.Dot(kernel, _alpha), Math.Max(_signal - VectorMath.Dot(_solved, _solved), LeastVariance));
    }

    /// <summary>Adds the derivatives by the columns of a function of mean and variance at the point of the last <see cref="At"/>, once; those of labels are zero.</summary>
    public void AddGradient(double byMean, double byVariance, Span<double> gradient)
    {
        // d mean / d k = a, d variance / d k = -2 K^-1 k, d k / d column = 2 k' (column - known).
        Cholesky.Backward(_factor, _count, _stride, _solved);
        for (var i = 0; i < _count; i++)
        {
            var byKernel = byMean * _alpha[i] - 2 * byVariance * _solved[i];
            _byKernel[i] = byKernel;
            _solved[i] = byKernel * _slopes[i];
            if (i < _losses || i >= _finished) continue;
            var v = _slopeRows[i - _losses].Direction;
            gradient[v.First] += byKernel * _direct[i - _losses] * v.Factor * _scales[v.First] * _scales[v.First];
            if (v.Second >= 0) gradient[v.Second] += byKernel * _direct[i - _losses] * v.SecondFactor * _scales[v.Second] * _scales[v.Second];
        }

        for (var c = 0; c < gradient.Length; c++)
        {
            if (_layout.IsLabel[c]) continue;
            var sum = VectorMath.WeightedDifference(_solved, _columns[c], _point[c]);
            if (_share > 0) sum += VectorMath.WeightedDifference(_byKernel, _partSlopes[_layout.WeightOf[c]], _columns[c], _point[c]);
            gradient[c] -= 2 * _scales[c] * _steepness[c] * sum;
        }
    }

    private double MeanOf(int index)
    {
        for (var c = 0; c < _point.Length; c++) _point[c] = _columns[c][index];
        var kernel = _kernel.AsSpan(0, _count);
        FillKernel(_point, kernel, []);
        return VectorMath.Dot(kernel, _alpha);
    }

    private bool TryFactor(double leastNoise)
    {
        for (var i = 0; i < _count; i++)
        {
            for (var c = 0; c < _point.Length; c++) _point[c] = _columns[c][i];
            FillKernel(_point, _factor.AsSpan(i * _stride, i + 1), []);
            if (i < _losses) _set.Spread(i, _factor.AsSpan(i * _stride, i + 1));
            else if (i < _finished) Differentiate(i, _factor.AsSpan(i * _stride, i + 1));
            _noise[i] = Math.Max(_noise[i], leastNoise);
            _factor[i * _stride + i] += _noise[i];
        }

        if (!Cholesky.TryFactor(_factor, _count, _stride)) return false;
        _alpha.AsSpan().Clear();
        Targets.CopyTo(_alpha, 0);
        for (var r = 0; r < _slopeRows.Length; r++) _alpha[_losses + r] = _slopeRows[r].Target;
        Cholesky.Forward(_factor, _finished, _stride, _alpha.AsSpan(0, _finished));
        Cholesky.Backward(_factor, _finished, _stride, _alpha.AsSpan(0, _finished));
        return true;
    }

    private ReadOnlySpan<double> Scaled(ReadOnlySpan<double> features)
    {
        for (var c = 0; c < _point.Length; c++) _point[c] = _layout.IsLabel[c] ? features[c] : _scales[c] * features[c];
        for (var b = 0; b < _bent.Length; b++) _point[_bent[b]] = _scales[_bent[b]] * InputWarp.Value(features[_bent[b]], _logWarps[2 * b], _logWarps[2 * b + 1]);
        return _point;
    }

    // The kernel between a scaled point and the first known ones, as many as fit.
    private void FillKernel(ReadOnlySpan<double> point, Span<double> kernel, Span<double> slopes)
    {
        kernel.Clear();
        if (_share > 0)
        {
            FillWithParts(point, kernel, slopes);
            return;
        }

        for (var c = 0; c < _columns.Length; c++) AddDistance(c, point, kernel);
        if (kernel.Length <= _losses || _slopeRows.Length == 0) Matern.Evaluate(kernel, _signal, kernel, slopes);
        else FillWithSlopes(point, kernel, slopes);
    }

    private void FillWithParts(ReadOnlySpan<double> point, Span<double> kernel, Span<double> slopes)
    {
        Span<double> q = _partDistances.AsSpan(0, kernel.Length), parts = _partKernel.AsSpan(0, kernel.Length);
        parts.Clear();
        for (var c = 0; c < _columns.Length;)
        {
            var weight = _layout.WeightOf[c];
            q.Clear();
            for (; c < _columns.Length && _layout.WeightOf[c] == weight; c++) AddDistance(c, point, q);
            Matern.AddPart(q, _share / _layout.Weights * _signal, kernel, parts, slopes.IsEmpty ? [] : _partSlopes[weight]);
        }

        Matern.Evaluate(kernel, (1 - _share) * _signal, kernel, slopes);
        VectorMath.Add(parts, kernel);
    }

    private void AddDistance(int c, ReadOnlySpan<double> point, Span<double> q)
    {
        var known = _columns[c].AsSpan(0, q.Length);
        if (_layout.IsLabel[c]) Matern.AddMismatch(known, point[c], _scales[c], q);
        else VectorMath.AddSquaredDifference(known, point[c], q);
    }

    // The same between a loss at the point and derivatives: -2 k' S, see SlopedKernel.
    private void FillWithSlopes(ReadOnlySpan<double> point, Span<double> kernel, Span<double> slopes)
    {
        var rows = Math.Min(kernel.Length - _losses, _slopeRows.Length);
        Span<double> distances = _distances.AsSpan(0, rows), all = slopes.IsEmpty ? _firsts.AsSpan(0, kernel.Length) : slopes;
        kernel.Slice(_losses, rows).CopyTo(distances);
        Matern.Evaluate(kernel, _signal, kernel, all);
        for (var r = 0; r < rows; r++)
        {
            var first = all[_losses + r];
            var along = SlopedKernel.Along(_slopeRows[r].Direction, point, _columns, _scales, _losses + r);
            kernel[_losses + r] = -2 * first * along;
            if (slopes.IsEmpty) continue;
            slopes[_losses + r] = -2 * SlopedKernel.Second(first, distances[r]) * along;
            _direct[r] = -2 * first;
        }
    }

    // Turns the row of a loss at a derivative's point into the derivative's own.
    private void Differentiate(int i, Span<double> row)
    {
        var u = _slopeRows[i - _losses].Direction;
        for (var j = 0; j <= i; j++)
        {
            var along = SlopedKernel.Along(u, _columns, _scales, i, j);
            var first = _firsts[j];
            if (j < _losses)
            {
                row[j] = 2 * first * along;
                continue;
            }

            var v = _slopeRows[j - _losses].Direction;
            row[j] = -4 * SlopedKernel.Second(first, _distances[j - _losses]) * along * SlopedKernel.Along(v, _columns, _scales, i, j)
                - 2 * first * SlopedKernel.Product(u, v, _scales);
        }
    }
}
