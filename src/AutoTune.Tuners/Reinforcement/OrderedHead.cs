using AutoTune.Spaces;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>The distribution of an ordered hyperparameter: a mixture of logistics that end at the range's ends, and an even share.</summary>
/// <remarks>
/// <code>
/// a, m, r   output of the network for each component k: logit, shift of its centre, width                                   3 (K + 1)
/// c_k       m_k + (the best trial's coordinate for k = 0, which has no weight where there is none; (k - 1/2) / K for others)
/// s_k       sMin (sMax / sMin)^sigmoid(r_k)
/// p(bin)    (1 - e) sum_k softmax(a)_k (F((high - c_k) / s_k) - F((low - c_k) / s_k)) + e |bin within [0, 1]|,  F = sigmoid
/// p(x)      within a continuum its derivative by high at low = high = x; its ends are bins that go on beyond them
/// </code>
/// What is drawn beyond an end lands on it, so that both are reached exactly, and the likelihood says so (Salimans and others 2017, equation 2, with
/// density in between). The even share bounds importance weights. Not thread-safe (buffers).
/// </remarks>
internal sealed class OrderedHead
{
    public const int Components = 3; // one at the best trial's value, two anywhere
    public const int Parameters = 3 * Components;
    public const double EvenShare = 0.05;
    private const int Grid = 8;
    private const double LeastWidth = 0.005, MostWidth = 0.5;
    private const double LocalShare = 0.8, LocalWidth = 0.08, FreeWidth = 0.2; // at the start; chosen: one coordinate in five changes at a time
    private static readonly double LogRatio = PortableMath.Log(MostWidth / LeastWidth);
    private readonly double[] _weights = new double[Components], _centres = new double[Components], _widths = new double[Components], _slopes = new double[Components];
    private readonly double[] _masses = new double[Components], _byCentre = new double[Components], _byWidth = new double[Components];

    /// <summary>Writes what the network gives before it has learnt anything.</summary>
    public static void Initialize(Span<double> output)
    {
        output[..Parameters].Clear();
        output[0] = PortableMath.Log(LocalShare / (1 - LocalShare) * (Components - 1));
        for (var k = 0; k < Components; k++) output[2 * Components + k] = RawWidth(k == 0 ? LocalWidth : FreeWidth);
    }

    /// <summary>Takes the network's output.</summary>
    /// <param name="output">The parameters.</param>
    /// <param name="best">The best trial's coordinate; NaN: there is none.</param>
    public void Open(ReadOnlySpan<double> output, double best)
    {
        var first = double.IsNaN(best) ? 1 : 0;
        double most = double.NegativeInfinity, sum = 0;
        for (var k = first; k < Components; k++) most = Math.Max(most, output[k]);
        for (var k = 0; k < Components; k++)
        {
            _weights[k] = k < first ? 0 : PortableMath.Exp(output[k] - most);
            sum += _weights[k];
            _centres[k] = output[Components + k] + (k > 0 ? (k - 0.5) / (Components - 1) : first > 0 ? 0.5 : best);
            var sigmoid = Sigmoid(output[2 * Components + k]);
            _widths[k] = LeastWidth * PortableMath.Exp(LogRatio * sigmoid);
            _slopes[k] = _widths[k] * LogRatio * sigmoid * (1 - sigmoid);
        }

        for (var k = 0; k < Components; k++) _weights[k] /= sum;
    }

    /// <summary>A coordinate; of a finite hyperparameter not yet at the centre of its value.</summary>
    public double Sample(RandomSource random)
    {
        if (random.NextDouble() < EvenShare) return random.NextDouble();
        var rest = random.NextDouble();
        var k = 0;
        while (k < Components - 1 && rest >= _weights[k]) rest -= _weights[k++];
        var level = Math.Clamp(random.NextDouble(), 1e-12, 1 - 1e-12);
        return Math.Clamp(_centres[k] + _widths[k] * PortableMath.Log(level / (1 - level)), 0, 1);
    }

    /// <summary>The logarithm of the likelihood of a bin, or of the density at a point; adds <paramref name="scale"/> times its derivatives by the output.</summary>
    public double LogLikelihood((double Low, double High) bin, double scale, Span<double> gradient)
    {
        var p = Likelihood(bin);
        if (scale != 0) AddDerivative(scale / p, gradient);
        return PortableMath.Log(p);
    }

    /// <summary>
    /// The entropy on a grid by that of an even distribution; adds <paramref name="scale"/> times its derivatives by the output. Grid: eight equal bins, the outer ones with
    /// what lies beyond.
    /// </summary>
    public double Entropy(double scale, Span<double> gradient)
    {
        var entropy = 0.0;
        var even = PortableMath.Log(Grid);
        for (var b = 0; b < Grid; b++)
        {
            var p = Likelihood((b == 0 ? double.NegativeInfinity : (double)b / Grid, b == Grid - 1 ? double.PositiveInfinity : (b + 1.0) / Grid));
            var log = PortableMath.Log(p);
            entropy -= p * log / even;
            if (scale != 0) AddDerivative(-scale * (log + 1) / even, gradient);
        }

        return entropy;
    }

    // Leaves what AddDerivative needs: each component's likelihood and its derivatives.
    private double Likelihood((double Low, double High) bin)
    {
        var isPoint = bin.Low == bin.High;
        var sum = 0.0;
        for (var k = 0; k < Components; k++)
        {
            var s = _widths[k];
            var high = (bin.High - _centres[k]) / s;
            var (upper, upperSlope) = Logistic(high);
            if (isPoint)
            {
                var curvature = upperSlope * (1 - 2 * upper);
                _masses[k] = upperSlope / s;
                _byCentre[k] = -curvature / (s * s);
                _byWidth[k] = -(upperSlope + high * curvature) / (s * s);
            }
            else
            {
                var low = (bin.Low - _centres[k]) / s;
                var (lower, lowerSlope) = Logistic(low);
                // From the side where less is lost: beyond the centre both are near one.
                _masses[k] = low > 0 ? Sigmoid(-low) - Sigmoid(-high) : upper - lower;
                _byCentre[k] = -(upperSlope - lowerSlope) / s;
                _byWidth[k] = -(Times(high, upperSlope) - Times(low, lowerSlope)) / s;
            }

            sum += _weights[k] * _masses[k];
        }

        var even = isPoint ? 1 : Math.Min(bin.High, 1) - Math.Max(bin.Low, 0);
        return (1 - EvenShare) * sum + EvenShare * Math.Max(even, 0) + 1e-300;
    }

    // Adds scale times the derivatives of the last likelihood.
    private void AddDerivative(double scale, Span<double> gradient)
    {
        var mean = 0.0;
        for (var k = 0; k < Components; k++) mean += _weights[k] * _masses[k];
        for (var k = 0; k < Components; k++)
        {
            var share = scale * (1 - EvenShare) * _weights[k];
            gradient[k] += share * (_masses[k] - mean);
            gradient[Components + k] += share * _byCentre[k];
            gradient[2 * Components + k] += share * _byWidth[k] * _slopes[k];
        }
    }

    private static (double Value, double Slope) Logistic(double z)
    {
        var value = Sigmoid(z);
        return (value, value * Sigmoid(-z));
    }

    // An infinite edge times the slope there, which is zero.
    private static double Times(double z, double slope) => slope == 0 ? 0 : z * slope;

    private static double Sigmoid(double z) => 1 / (1 + PortableMath.Exp(-z));

    private static double RawWidth(double width)
    {
        var share = PortableMath.Log(width / LeastWidth) / LogRatio;
        return PortableMath.Log(share / (1 - share));
    }
}
