namespace AutoTune.Tuners.GaussianProcess;

/// <summary>The logarithm of the expected improvement of the loss as a term of the acquisition. Not thread-safe.</summary>
/// <param name="surrogate">The model of the warped losses.</param>
/// <param name="best">The warped loss to improve on.</param>
internal sealed class ExpectedImprovement(Surrogate surrogate, double best) : IAcquisitionTerm
{
    private double[] _means = [], _variances = [];

    public void AddTo(ReadOnlySpan<double> features, Span<double> values)
    {
        var m = values.Length;
        if (_means.Length < m) (_means, _variances) = (new double[m], new double[m]);
        surrogate.Predict(features, _means.AsSpan(0, m), _variances.AsSpan(0, m));
        for (var i = 0; i < m; i++) values[i] += LogExpectedImprovement.Value(_means[i], Math.Sqrt(_variances[i]), best);
    }

    public double At(ReadOnlySpan<double> features, Span<double> gradient)
    {
        var (mean, variance) = surrogate.At(features);
        var deviation = Math.Sqrt(variance);
        var (value, byMean, byDeviation) = LogExpectedImprovement.WithDerivatives(mean, deviation, best);
        surrogate.AddGradient(byMean, 0.5 * byDeviation / deviation, gradient);
        return value;
    }
}
