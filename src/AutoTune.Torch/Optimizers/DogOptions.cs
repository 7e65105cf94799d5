using AutoTune.Torch.Declaring;
using AutoTune.Torch.Optimizers;

namespace AutoTune.Torch;

/// <summary>What is searched of DoG, which finds its learning rate itself. Immutable and thread-safe.</summary>
/// <remarks>See <see cref="AutoTune.Dog"/>. By default the weight decay is all that is searched.</remarks>
public sealed record DogOptions
{
    /// <summary>The weight decay, by the rate of the step. Default 1e-6 to 1e-2 on a log scale, beginning with 1e-4.</summary>
    public RealRange WeightDecay { get; init; } = new(1e-6, 1e-2, Scale.Log, 1e-4);

    /// <summary>By what the found learning rate is multiplied, above 0. Default 1, not searched; schedules multiply it.</summary>
    public RealRange LearningRate { get; init; } = 1;

    internal OptimizerKind Kind => new("DoG", space =>
    {
        var (decay, rate) = (space.Real(nameof(WeightDecay), WeightDecay, Bounds.NotNegative), space.Real(nameof(LearningRate), LearningRate, Bounds.Positive));
        return configuration => new OptimizerSettings(rate(configuration), groups => new Dog(groups, new DogSettings { LearningRate = rate(configuration), WeightDecay = decay(configuration) }));
    });
}
