using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>How probable it is that a trial meets the study's requirements: a Gaussian process for each, independent of each other.</summary>
/// <remarks>
/// <code>
/// v         by how much a trial breaks a requirement; met at 0 or below
/// y         sign(v) ln(1 + |v| / u), u the median of |v|: zero stays zero, far outliers come near   (Eriksson and Poloczek 2021, bilog)
/// m, s      mean and deviation of the standardized y at a point, z0 where zero lies on that scale
/// term      sum over requirements of ln cumulative((z0 - m) / s)                      (Gardner and others 2014; in logarithms Ament 2023)
/// </code>
/// Beside a logarithm of the expected improvement it makes the constrained expected improvement; alone, the search for a first trial that
/// meets everything. Not thread-safe.
/// </remarks>
internal sealed class Feasibility(IReadOnlyList<(Surrogate Surrogate, double Zero)> models) : IAcquisitionTerm
{
    private double[] _means = [], _variances = [];

    public void AddTo(ReadOnlySpan<double> features, Span<double> values)
    {
        var m = values.Length;
        if (_means.Length < m) (_means, _variances) = (new double[m], new double[m]);
        foreach (var (surrogate, zero) in models)
        {
            surrogate.Predict(features, _means.AsSpan(0, m), _variances.AsSpan(0, m));
            for (var i = 0; i < m; i++) values[i] += NormalDistribution.LogCumulative((zero - _means[i]) / Math.Sqrt(_variances[i]));
        }
    }

    public double At(ReadOnlySpan<double> features, Span<double> gradient)
    {
        var sum = 0.0;
        foreach (var (surrogate, zero) in models)
        {
            var (mean, variance) = surrogate.At(features);
            var deviation = Math.Sqrt(variance);
            var z = (zero - mean) / deviation;
            var log = NormalDistribution.LogCumulative(z);
            var hazard = PortableMath.Exp(NormalDistribution.LogDensity(z) - log); // d log / dz
            surrogate.AddGradient(-hazard / deviation, -0.5 * hazard * z / variance, gradient);
            sum += log;
        }

        return sum;
    }

    /// <summary>How far a configuration is expected to break requirements, in deviations; zero where it is expected to meet them all.</summary>
    public double ExpectedViolation(ReadOnlySpan<double> features)
    {
        double[] mean = [0], variance = [0];
        var sum = 0.0;
        foreach (var (surrogate, zero) in models)
        {
            surrogate.Predict(features, mean, variance);
            sum += Math.Max(0, mean[0] - zero);
        }

        return sum;
    }

    /// <summary>Whether a pending trial is expected to meet every requirement.</summary>
    public bool ExpectsPending(int pending)
    {
        foreach (var (surrogate, zero) in models)
        {
            if (surrogate.PendingMean(pending) > zero) return false;
        }

        return true;
    }
}
