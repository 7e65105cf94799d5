namespace AutoTune.Tuners.GaussianProcess;

/// <summary>How low the target may well be, as a term of the acquisition: the deviation times a width, less the mean. Not thread-safe.</summary>
/// <param name="surrogate">The model; low is good.</param>
/// <param name="width">How many standard deviations are added.</param>
internal sealed class ConfidenceBound(Surrogate surrogate, double width) : IAcquisitionTerm
{
    private double[] _means = [], _variances = [];

    public void AddTo(ReadOnlySpan<double> features, Span<double> values)
    {
        var m = values.Length;
        if (_means.Length < m) (_means, _variances) = (new double[m], new double[m]);
        surrogate.Predict(features, _means.AsSpan(0, m), _variances.AsSpan(0, m));
        for (var i = 0; i < m; i++) values[i] += width * Math.Sqrt(_variances[i]) - _means[i];
    }

    public double At(ReadOnlySpan<double> features, Span<double> gradient)
    {
        var (mean, variance) = surrogate.At(features);
        var deviation = Math.Sqrt(variance);
        surrogate.AddGradient(-1, 0.5 * width / deviation, gradient);
        return width * deviation - mean;
    }
}
