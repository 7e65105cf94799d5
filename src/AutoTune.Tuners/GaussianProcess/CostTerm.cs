using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>What a trial's expected time takes from its promise.</summary>
/// <remarks>
/// <code>
/// t(x)      logarithm of the trial's time: mean m(x), deviation s(x), by a Gaussian process
/// r         the time that is left
/// term      -m(x) + ln P(t(x) is at most ln r) = -m(x) + ln cumulative((ln r - m(x)) / s(x))
/// </code>
/// The first part makes it improvement per second (Snoek and others 2012); the second is there because a trial that the end of the study
/// cuts off gives nothing. An exponent of time that falls as time is used up (Lee and others 2020) was worse: docs/decisions/0014.
/// Not thread-safe.
/// </remarks>
/// <param name="surrogate">The model of the standardized logarithms of the times.</param>
/// <param name="centre">Their mean.</param>
/// <param name="spread">Their deviation.</param>
/// <param name="logLeft">ln r, in seconds; infinite: no end.</param>
internal sealed class CostTerm(Surrogate surrogate, double centre, double spread, double logLeft) : IAcquisitionTerm
{
    private double[] _means = [], _variances = [];

    public void AddTo(ReadOnlySpan<double> features, Span<double> values)
    {
        var m = values.Length;
        if (_means.Length < m) (_means, _variances) = (new double[m], new double[m]);
        surrogate.Predict(features, _means.AsSpan(0, m), _variances.AsSpan(0, m));
        for (var i = 0; i < m; i++) values[i] += Value(_means[i], _variances[i]).Value;
    }

    public double At(ReadOnlySpan<double> features, Span<double> gradient)
    {
        var (mean, variance) = surrogate.At(features);
        var (value, byMean, byVariance) = Value(mean, variance);
        surrogate.AddGradient(byMean, byVariance, gradient);
        return value;
    }

    private (double Value, double ByMean, double ByVariance) Value(double mean, double variance)
    {
        var value = -spread * mean;
        if (double.IsPositiveInfinity(logLeft)) return (value, -spread, 0);
        var deviation = Math.Sqrt(variance + surrogate.NoiseAt(0));
        var z = ((logLeft - centre) / spread - mean) / deviation;
        var log = NormalDistribution.LogCumulative(z);
        var hazard = PortableMath.Exp(NormalDistribution.LogDensity(z) - log); // d log / dz
        return (value + log, -spread - hazard / deviation, -0.5 * hazard * z / (variance + surrogate.NoiseAt(0)));
    }
}
