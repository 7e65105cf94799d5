using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.CmaEs;

/// <summary>The ordered coordinates: a normal distribution whose centre, size and shape follow the better half of each generation.</summary>
/// <remarks>
/// <code>
/// m          mean, in the unit cube                                         n
/// sigma      step size
/// scale      stretches of single coordinates that the margin made, 1 else   n
/// C          covariance of y, and its Cholesky factor L                     n x n
/// y          a sample: x = m + sigma scale y; y = L z, z standard normal    n
/// pathSigma  the centre's recent steps, whitened                            n
/// pathC      the centre's recent steps                                      n
/// </code>
/// The update is that of Hansen 2016 (arXiv:1604.00772), with L's inverse in place of the symmetric root of C, after
/// Krause, Arbones and Igel 2016: both whiten, and a factor is cheap enough for every generation. Trials that
/// this distribution did not draw are pulled towards the mean where they are further away than its
/// samples are (Hansen 2011, "Injecting external solutions into CMA-ES"). What lies outside of the cube is moved onto its surface before
/// it is evaluated, so that both ends of every range are reached exactly; the mean learns from the moved point and never leaves the cube,
/// the covariance from the drawn one: beyond an end all losses are equal, so that selection there is blind and the deviation stays.
/// A coordinate that does not exist in a trial has no part in the step of the mean; for the covariance its drawn value stands in: selection
/// is blind to it, so that on average it changes nothing. Not thread-safe.
/// </remarks>
internal sealed class NormalSearch
{
    private const double LeastDeviation = 1e-12; // of the range: below, a mean and its samples are the same number
    private readonly CmaLayout _layout;
    private readonly CmaConstants _constants;
    private readonly int _n;
    private readonly double[] _mean, _scale, _covariance, _factor, _pathSigma, _pathC;
    private double _sigma;
    private int _generations;

    public NormalSearch(CmaLayout layout, CmaConstants constants, ReadOnlySpan<double> mean, double sigma)
    {
        _layout = layout;
        _constants = constants;
        _n = layout.Ordered;
        _mean = mean.ToArray();
        _sigma = sigma;
        _scale = new double[_n];
        Array.Fill(_scale, 1);
        _covariance = new double[_n * _n];
        _factor = new double[_n * _n];
        _pathSigma = new double[_n];
        _pathC = new double[_n];
        ResetShape();
        KeepMargin();
    }

    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>The standard deviation of a coordinate, as a share of its range.</summary>
    public double Deviation(int j) => _sigma * _scale[j] * Math.Sqrt(_covariance[j * _n + j]);

    /// <summary>Whether the shape is so long and thin that rounding decides on its short axes (condition 1e14, Hansen 2009).</summary>
    public bool IsDegenerate
    {
        get
        {
            double least = double.MaxValue, most = 0;
            for (var j = 0; j < _n; j++) (least, most) = (Math.Min(least, _factor[j * _n + j]), Math.Max(most, _factor[j * _n + j]));
            return most > 1e7 * least;
        }
    }

    /// <summary>Draws a sample, which may lie outside of the cube.</summary>
    public void Draw(RandomSource random, double widening, Span<double> point)
    {
        Span<double> z = _n <= 256 ? stackalloc double[_n] : new double[_n];
        for (var j = 0; j < _n; j++) z[j] = random.NextGaussian();
        for (var j = 0; j < _n; j++)
        {
            var y = VectorMath.Dot(_factor.AsSpan(j * _n, j + 1), z[..(j + 1)]);
            point[j] = _mean[j] + widening * _sigma * _scale[j] * y;
        }
    }

    /// <summary>Learns from a generation.</summary>
    /// <param name="trials">The generation.</param>
    /// <param name="weights">Their weights: positive ones sum to at most 1.</param>
    public void Update(IReadOnlyList<ToldTrial> trials, ReadOnlySpan<double> weights)
    {
        if (_n == 0) return;
        var ys = new double[trials.Count][];
        var lengths = new double[trials.Count];
        for (var i = 0; i < ys.Length; i++) (ys[i], lengths[i]) = Step(trials[i]);
        var step = MeanStep(trials, weights, ys);
        for (var j = 0; j < _n; j++) _mean[j] = Math.Clamp(_mean[j] + _sigma * _scale[j] * step[j], 0, 1);

        var k = _constants;
        _generations++;
        var selected = SelectionMass(weights);
        var chiN = k.ChiN * Math.Sqrt(ShareOfFree(step));
        double[] whitened = [.. step];
        Cholesky.Forward(_factor, _n, _n, whitened);
        var length = MovePath(_pathSigma, whitened, k.CSigma, selected);
        var expected = Math.Sqrt(1 - Power(1 - k.CSigma, 2 * _generations)) * chiN;
        var isSteady = length < (1.4 + 2 / (_n + 1.0)) * expected; // else the path grows while the step size is about to
        MovePath(_pathC, step, k.CPath, isSteady ? selected : 0);
        MoveCovariance(weights, ys, lengths, isSteady);
        _sigma *= PortableMath.Exp(Math.Min(1, k.CSigma / k.Damping * (length / chiN - 1)));
        KeepSize();
        KeepMargin();
    }

    // The step from the mean to a trial, and its length when whitened; no longer than a sample's.
    private (double[] Y, double Length) Step(ToldTrial trial)
    {
        var y = new double[_n];
        for (var j = 0; j < _n; j++) y[j] = (trial.Point[j] - _mean[j]) / (_sigma * _scale[j]);
        double[] whitened = [.. y];
        Cholesky.Forward(_factor, _n, _n, whitened);
        var length = Math.Sqrt(VectorMath.Dot(whitened, whitened));
        var limit = Math.Sqrt(_n) + 2.0 * _n / (_n + 2); // Hansen 2011
        if (length <= limit) return (y, length);
        for (var j = 0; j < _n; j++) y[j] *= limit / length;
        return (y, limit);
    }

    private double[] MeanStep(IReadOnlyList<ToldTrial> trials, ReadOnlySpan<double> weights, double[][] ys)
    {
        var step = new double[_n];
        for (var j = 0; j < _n; j++)
        {
            var mass = 0.0;
            for (var i = 0; i < ys.Length; i++)
            {
                if (weights[i] <= 0 || !trials[i].Active[j]) continue;
                mass += weights[i];
                var reached = Math.Clamp(_mean[j] + _sigma * _scale[j] * ys[i][j], 0, 1);
                step[j] += weights[i] * (reached - _mean[j]) / (_sigma * _scale[j]);
            }

            if (mass > 0) step[j] /= mass;
        }

        return step;
    }

    // MuEff, but larger where equal losses share their weights: their average is a shorter step, which is not a reason to slow down.
    private static double SelectionMass(ReadOnlySpan<double> weights)
    {
        double sum = 0, squares = 0;
        foreach (var weight in weights)
        {
            if (weight > 0) (sum, squares) = (sum + weight, squares + weight * weight);
        }

        return squares > 0 ? sum * sum / squares : 1;
    }

    // A coordinate that rests at an end of its range takes no steps, which is not a reason for the others to take smaller ones.
    private double ShareOfFree(double[] step)
    {
        var free = 0;
        for (var j = 0; j < _n; j++) free += step[j] == 0 && _mean[j] is (0 or 1) ? 0 : 1;
        return (double)Math.Max(1, free) / _n;
    }

    private static double MovePath(double[] path, double[] step, double rate, double selected)
    {
        var scale = Math.Sqrt(rate * (2 - rate) * selected);
        var square = 0.0;
        for (var j = 0; j < path.Length; j++)
        {
            path[j] = (1 - rate) * path[j] + scale * step[j];
            square += path[j] * path[j];
        }

        return Math.Sqrt(square);
    }

    private void MoveCovariance(ReadOnlySpan<double> weights, double[][] ys, double[] lengths, bool isSteady)
    {
        var k = _constants;
        var sum = 0.0;
        foreach (var weight in weights) sum += weight;
        var lost = isSteady ? 0 : k.COne * k.CPath * (2 - k.CPath);
        var kept = 1 + lost - k.COne - k.CMu * sum;
        for (var i = 0; i < _n * _n; i++) _covariance[i] *= kept;
        AddSquare(_pathC, k.COne);
        for (var i = 0; i < ys.Length; i++)
        {
            // A negative weight counts as if its step had the expected length (Hansen 2016).
            var weight = weights[i] >= 0 ? weights[i] : weights[i] * _n / Math.Max(lengths[i] * lengths[i], 1e-12);
            AddSquare(ys[i], k.CMu * weight);
        }

        _covariance.CopyTo(_factor, 0);
        if (!Cholesky.TryFactor(_factor, _n, _n)) ResetShape();
    }

    private void AddSquare(double[] y, double weight)
    {
        for (var j = 0; j < _n; j++) VectorMath.AddScaled(y.AsSpan(0, j + 1), weight * y[j], _covariance.AsSpan(j * _n, j + 1));
    }

    private void ResetShape()
    {
        Array.Clear(_covariance);
        Array.Clear(_factor);
        for (var j = 0; j < _n; j++) _covariance[j * _n + j] = _factor[j * _n + j] = 1;
    }

    // Deviations beyond the range would only pile samples up on its ends; none may vanish.
    private void KeepSize()
    {
        double most = 0;
        for (var j = 0; j < _n; j++) most = Math.Max(most, _sigma * Math.Sqrt(_covariance[j * _n + j]));
        if (most > 1) _sigma /= most;
        if (most < LeastDeviation) _sigma *= LeastDeviation / Math.Max(most, 1e-300);
    }

    private void KeepMargin()
    {
        var alpha = 1.0 / (Math.Max(1, _n) * _constants.Population);
        for (var j = 0; j < _n; j++)
        {
            if (!_layout.IsDiscrete(j)) continue;
            var (low, high) = _layout.Bin(j, _mean[j]);
            var deviation = Deviation(j);
            var (mean, corrected) = IntegerMargin.Correct(_mean[j], deviation, low, high, alpha);
            _mean[j] = Math.Clamp(mean, 0, 1);
            _scale[j] *= corrected / deviation;
        }
    }

    private static double Power(double x, int exponent)
    {
        var power = 1.0;
        for (var square = x; exponent > 0; exponent >>= 1, square *= square)
        {
            if ((exponent & 1) == 1) power *= square;
        }

        return power;
    }
}
