namespace AutoTune.Tuners.GaussianProcess;

/// <summary>By how much the losses of one and the same configuration differ: learnt from the trials, none, or given. Immutable.</summary>
/// <remarks>
/// The model sees losses warped, but the deviation is in the unit of the study's metric: each trial's noise is what the warp makes of a
/// step of one deviation up and down from its own loss. Where the warp squeezes losses together, such as far above the best, it squeezes
/// the noise with them.
/// </remarks>
public sealed record NoiseLevel
{
    private NoiseLevel(double? standardDeviation) => StandardDeviation = standardDeviation;

    /// <summary>The model learns how much of the differences is noise. What to use when in doubt.</summary>
    public static NoiseLevel Learnt { get; } = new(standardDeviation: null);

    /// <summary>The same configuration always gives the same loss.</summary>
    public static NoiseLevel None { get; } = new(standardDeviation: 0);

    /// <summary>The standard deviation in the unit of the study's metric; null: learnt.</summary>
    public double? StandardDeviation { get; }

    /// <summary>A known standard deviation, such as that of a cross-validation's mean over its folds.</summary>
    /// <param name="standardDeviation">In the unit of the study's metric; 0 or more, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public static NoiseLevel Of(double standardDeviation)
    {
        if (!(standardDeviation >= 0) || !double.IsFinite(standardDeviation))
            throw new ArgumentOutOfRangeException(nameof(standardDeviation), standardDeviation, $"The noise's standard deviation is {standardDeviation}; it must be finite and at least 0, or use NoiseLevel.Learnt.");
        return standardDeviation == 0 ? None : new(standardDeviation);
    }
}
