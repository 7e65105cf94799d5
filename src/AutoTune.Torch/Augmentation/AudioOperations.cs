using AutoTune.Torch.Augmentation;

namespace AutoTune;

/// <summary>Which operations an augmentation of sound has, in the order they are applied, each with the strength that the search goes up to. Strength 0 is none.</summary>
/// <remarks>
/// Inputs are waveforms [n, time] or spectrograms [n, frequency, time], with channels before these if there are any. Gradients flow to the strengths of <see cref="Noise"/> and
/// <see cref="MixUp"/>. Not thread-safe.
/// </remarks>
public sealed class AudioOperations
{
    internal AudioOperations() { }

    internal OperationList List { get; } = new();

    /// <summary>Moves along time by a random distance; the first or last moment goes on.</summary>
    /// <param name="largest">The largest distance as a share of the length; at most 1.</param>
    public AudioOperations TimeShift(double largest = 0.2) => With(new TimeShift(largest));

    /// <summary>Adds Gaussian noise.</summary>
    /// <param name="largest">The largest standard deviation, as a share of the example's own; at most 10.</param>
    public AudioOperations Noise(double largest = 0.3) => With(new Noise(largest));

    /// <summary>Blanks a random stretch of time with the example's mean (SpecAugment, Park and others 2019).</summary>
    /// <param name="largest">The largest share of the length that may be blanked; at most 1.</param>
    public AudioOperations TimeMask(double largest = 0.4) => With(new TimeMask(largest));

    /// <summary>Blanks a random band of frequencies with the example's mean (SpecAugment, Park and others 2019). For spectrograms.</summary>
    /// <param name="largest">The largest share of the frequencies that may be blanked; at most 1.</param>
    public AudioOperations FrequencyMask(double largest = 0.4) => With(new FrequencyMask(largest));

    /// <inheritdoc cref="ImageOperations.MixUp"/>
    public AudioOperations MixUp(int? classes = null, double largest = 0.4) => With(new MixUp(largest, classes));

    /// <inheritdoc cref="ImageOperations.Together"/>
    public AudioOperations Together()
    {
        List.AreTogether = true;
        return this;
    }

    private AudioOperations With(AugmentationOperation operation)
    {
        List.Add(operation);
        return this;
    }
}
