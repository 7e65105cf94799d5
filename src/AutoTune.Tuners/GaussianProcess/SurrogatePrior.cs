namespace AutoTune.Tuners.GaussianProcess;

/// <summary>What is believed of a surrogate's numbers before any trial: independent normal distributions of their logarithms.</summary>
/// <remarks>
/// <code>
/// D         hyperparameters that exist in a configuration on average
/// w         weight, 1 / length scale^2:  ln w ~ N(6 - 2 sqrt 2 - ln D, 2^2)
/// </code>
/// Length scales that grow with the square root of the dimension keep the expected complexity the same in few and in many dimensions
/// (Hvarfner and others 2024). The centre is the mode over the length scale of their LogNormal(sqrt 2 + ln(D) / 2, sqrt 3), about
/// 0.2 sqrt D; the deviation is narrower than theirs, because with a handful of trials a weight near 0 - a hyperparameter without any
/// effect - is otherwise believed too soon and its other values never looked at.
/// </remarks>
internal sealed record SurrogatePrior(double WeightMean, double WeightDeviation, double SignalMean, double SignalDeviation, double NoiseMean, double NoiseDeviation)
{
    // The ranges of the search: length scales from 0.03 to 1000, a signal of a twentieth to twenty, noise down to what keeps n = 500 factorable.
    public const double LowestWeight = -13.8, HighestWeight = 7, LowestSignal = -3, HighestSignal = 3, LowestNoise = -13.8, HighestNoise = 0;

    /// <summary>Of ln (h / (1 - h)), h being the parts' share of the signal: N(0, 1.5^2), so that either may rule; and how far from 0 it may be.</summary>
    public const double PartsDeviation = 1.5, MostParts = 7;

    /// <summary>
    /// Of the logarithm of the noise in derivatives, as a share of their variance: N(-8, 2.5^2), as that of losses. The range ends far above 0: derivatives that do not
    /// go with the losses end there, and count for nothing.
    /// </summary>
    public const double SlopeNoiseMean = -8, SlopeNoiseDeviation = 2.5, LowestSlopeNoise = -13.8, HighestSlopeNoise = 8;

    public static SurrogatePrior For(double effectiveDimensions)
        => new(6 - 2 * Math.Sqrt(2) - AutoTune.Spaces.PortableMath.Log(effectiveDimensions), 2, 0, 1, -8, 2.5);

    /// <summary>The most probable settings.</summary>
    public KernelSettings Mode(int weights)
    {
        var values = new double[weights + 2];
        values.AsSpan(0, weights).Fill(WeightMean);
        values[weights] = SignalMean;
        values[weights + 1] = NoiseMean;
        return new KernelSettings(values) { Parts = 0.5 };
    }

    public static void Bounds(Span<double> low, Span<double> high)
    {
        low[..^2].Fill(LowestWeight);
        high[..^2].Fill(HighestWeight);
        (low[^2], high[^2]) = (LowestSignal, HighestSignal);
        (low[^1], high[^1]) = (LowestNoise, HighestNoise);
    }

    /// <summary>The negative logarithm of the density, up to a constant; adds its gradient.</summary>
    public double Add(ReadOnlySpan<double> logValues, Span<double> gradient)
    {
        var sum = 0.0;
        for (var i = 0; i < logValues.Length; i++)
        {
            var (mean, deviation) = i < logValues.Length - 2 ? (WeightMean, WeightDeviation)
                : i == logValues.Length - 2 ? (SignalMean, SignalDeviation) : (NoiseMean, NoiseDeviation);
            var z = (logValues[i] - mean) / deviation;
            sum += 0.5 * z * z;
            gradient[i] += z / deviation;
        }

        return sum;
    }
}
