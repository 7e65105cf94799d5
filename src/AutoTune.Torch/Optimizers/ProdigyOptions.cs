using AutoTune.Torch.Declaring;
using AutoTune.Torch.Optimizers;

namespace AutoTune.Torch;

/// <summary>What is searched of Prodigy, which finds its learning rate itself. Immutable and thread-safe.</summary>
/// <remarks>See <see cref="AutoTune.Prodigy"/>. By default the weight decay is all that is searched.</remarks>
public sealed record ProdigyOptions
{
    /// <summary>The weight decay, which the learning rate multiplies. Default 1e-4 to 1 on a log scale, beginning with 1e-2.</summary>
    public RealRange WeightDecay { get; init; } = new(1e-4, 1, Scale.Log, 1e-2);

    /// <summary>By what the estimated distance is multiplied, above 0. Default 1, not searched; 0.5 to 2 on a log scale is a range.</summary>
    public RealRange Coefficient { get; init; } = 1;

    /// <summary>By what the found learning rate is multiplied, above 0. Default 1, not searched; schedules multiply it.</summary>
    public RealRange LearningRate { get; init; } = 1;

    /// <summary>The decay of the mean of gradients, from 0 to below 1. Default 0.9, not searched.</summary>
    public RealRange Beta1 { get; init; } = .9;

    /// <summary>The decay of the mean of their squares, from 0 to below 1. Default 0.999, not searched.</summary>
    public RealRange Beta2 { get; init; } = .999;

    internal OptimizerKind Kind => new("Prodigy", space =>
    {
        var decay = space.Real(nameof(WeightDecay), WeightDecay, Bounds.NotNegative);
        var (coefficient, rate) = (space.Real(nameof(Coefficient), Coefficient, Bounds.Positive), space.Real(nameof(LearningRate), LearningRate, Bounds.Positive));
        var (beta1, beta2) = (space.Real(nameof(Beta1), Beta1, Bounds.BelowOne), space.Real(nameof(Beta2), Beta2, Bounds.Inside));
        return configuration => new OptimizerSettings(rate(configuration), groups => new Prodigy(groups, new ProdigySettings
        {
            LearningRate = rate(configuration),
            WeightDecay = decay(configuration),
            Coefficient = coefficient(configuration),
            Beta1 = beta1(configuration),
            Beta2 = beta2(configuration),
            SafeguardsWarmUp = true, // a schedule beside it may begin with a warm-up
        }));
    });
}
