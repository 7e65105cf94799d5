using AutoTune.Torch.Augmentation;

namespace AutoTune;

/// <summary>Which operations an augmentation of images has, in the order they are applied, each with the strength that the search goes up to. Strength 0 is none.</summary>
/// <remarks>
/// Images are [n, channels, height, width]. Neighbouring <see cref="Shift"/>, <see cref="Rotate"/> and <see cref="Crop"/> are one interpolation. Gradients flow to the
/// strengths of those three, of <see cref="Noise"/> and of <see cref="MixUp"/>. Not thread-safe.
/// </remarks>
public sealed class ImageOperations
{
    internal ImageOperations() { }

    internal OperationList List { get; } = new();

    /// <summary>Mirrors left to right.</summary>
    /// <param name="largest">The largest probability of an image to be mirrored; at most 1. By default each second one.</param>
    public ImageOperations Flip(double largest = 0.5) => With(new Flip(largest));

    /// <summary>Moves by a random distance.</summary>
    /// <param name="largest">The largest distance as a share of width and height; at most 1.</param>
    public ImageOperations Shift(double largest = 0.15) => With(new Shift(largest));

    /// <summary>Turns by a random angle.</summary>
    /// <param name="largest">The largest angle in degrees; at most 180.</param>
    public ImageOperations Rotate(double largest = 20) => With(new Rotate(largest));

    /// <summary>Cuts away what is outside a random part of the image and stretches that part.</summary>
    /// <param name="largest">The largest share of each side that is cut away; at most 0.9.</param>
    public ImageOperations Crop(double largest = 0.3) => With(new Crop(largest));

    /// <summary>Adds Gaussian noise.</summary>
    /// <param name="largest">The largest standard deviation, as a share of the image's own; at most 10.</param>
    public ImageOperations Noise(double largest = 0.3) => With(new Noise(largest));

    /// <summary>Sets a square at a random place to 0 (DeVries and Taylor 2017), the mean where inputs are normalised.</summary>
    /// <param name="largest">The largest side of the square, as a share of the shorter side of the image; at most 1.</param>
    public ImageOperations CutOut(double largest = 0.5) => With(new CutOut(largest));

    /// <summary>Mixes each example, inputs and targets, with another of the batch (Zhang 2018).</summary>
    /// <param name="classes">
    /// How many classes there are where targets are class numbers [n]: mixed targets are probabilities [n, classes], which <c>cross_entropy</c> takes as it takes the numbers. Null:
    /// targets are floating-point numbers.
    /// </param>
    /// <param name="largest">The largest weight of the other example; at most 0.5.</param>
    public ImageOperations MixUp(int? classes = null, double largest = 0.4) => With(new MixUp(largest, classes));

    /// <summary>One strength for all, from 0 to 1 times the largest of each: one hyperparameter instead of one an operation (Cubuk and others 2020, "RandAugment").</summary>
    public ImageOperations Together()
    {
        List.AreTogether = true;
        return this;
    }

    private ImageOperations With(AugmentationOperation operation)
    {
        List.Add(operation);
        return this;
    }
}
