namespace AutoTune.Tuners.GaussianProcess;

/// <summary>The numbers that make a surrogate: learnt from the trials by <see cref="SurrogateFit"/>.</summary>
/// <param name="LogValues">
/// Natural logarithms: a weight (inverse squared length scale) for each weight of the layout, then the signal's variance, then the
/// noise's. Logarithms, because that is the scale on which they are searched.
/// </param>
internal readonly record struct KernelSettings(double[] LogValues)
{
    /// <summary>
    /// How much of the signal is a sum of functions of one hyperparameter (or condition, or column of a context) each, from 0 to below 1; the rest is one function of all. Not used together with derivatives.
    /// </summary>
    public double Parts { get; init; }

    /// <summary>For each column that <see cref="InputWarp"/> can bend ln a and ln b, one pair after the other; empty: nothing is bent.</summary>
    public double[] LogWarps { get; init; } = [];

    /// <summary>The natural logarithm of the noise's variance in derivatives, as a share of the variance that the kernel gives each.</summary>
    public double LogSlopeNoise { get; init; } = SurrogatePrior.SlopeNoiseMean;

    /// <summary>How many weights there are (w).</summary>
    public int Weights => LogValues.Length - 2;

    public double LogSignal => LogValues[^2];

    public double LogNoise => LogValues[^1];
}
