using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Terminator;

/// <summary>What a search for the lowest loss that may be left makes large: the deviation times a factor, less the mean.</summary>
/// <param name="surrogate">The model of the losses.</param>
/// <param name="factor">How many deviations.</param>
internal sealed class LowerBound(Surrogate surrogate, double factor) : IAcquisitionTerm
{
    private double[] _means = [], _variances = [];

    public void AddTo(ReadOnlySpan<double> features, Span<double> values)
    {
        var m = values.Length;
        if (_means.Length < m) (_means, _variances) = (new double[m], new double[m]);
        surrogate.Predict(features, _means.AsSpan(0, m), _variances.AsSpan(0, m));
        for (var i = 0; i < m; i++) values[i] += factor * Math.Sqrt(_variances[i]) - _means[i];
    }

    public double At(ReadOnlySpan<double> features, Span<double> gradient)
    {
        var (mean, variance) = surrogate.At(features);
        var deviation = Math.Sqrt(variance);
        surrogate.AddGradient(-1, 0.5 * factor / deviation, gradient);
        return factor * deviation - mean;
    }
}
