using AutoTune.Torch.Declaring;
using AutoTune.Torch.Optimizers;
using TorchSharp.Modules;

namespace AutoTune.Torch;

/// <summary>What is searched of RMSProp. Immutable and thread-safe.</summary>
/// <remarks>Sources: Tieleman and Hinton 2012, "Lecture 6.5"; with momentum as Szegedy et al. 2016 use it. Ranges chosen as for AdamW, whose step without momentum it is.</remarks>
public sealed record RmsPropOptions
{
    /// <summary>The learning rate. Default 1e-5 to 1e-1 on a log scale, beginning with 1e-3.</summary>
    public RealRange LearningRate { get; init; } = new(1e-5, 1e-1, Scale.Log, 1e-3);

    /// <summary>The momentum, from 0 to below 1. Default 0 to 0.95, beginning with 0.</summary>
    public RealRange Momentum { get; init; } = new(0, .95, Scale.Linear, 0);

    /// <summary>The decay of the mean of squared gradients, from 0 to below 1. Default 0.99, not searched; 0.9 to 0.999 is a range.</summary>
    public RealRange Smoothing { get; init; } = .99;

    /// <summary>Whether the gradients' mean is taken off. Default false, not searched; null: searched.</summary>
    public bool? Centered { get; init; } = false;

    /// <summary>The weight decay, an L2 penalty. Default 1e-7 to 1e-2 on a log scale, beginning with 1e-5.</summary>
    public RealRange WeightDecay { get; init; } = new(1e-7, 1e-2, Scale.Log, 1e-5);

    /// <summary>What is added to the denominator, above 0. Default 1e-8, not searched.</summary>
    public RealRange Epsilon { get; init; } = 1e-8;

    internal OptimizerKind Kind => new("RMSProp", space =>
    {
        var rate = space.Real(nameof(LearningRate), LearningRate, Bounds.NotNegative);
        var momentum = space.Real(nameof(Momentum), Momentum, Bounds.BelowOne);
        var smoothing = space.Real(nameof(Smoothing), Smoothing, Bounds.BelowOne);
        var centered = space.Boolean(nameof(Centered), Centered);
        var (decay, epsilon) = (space.Real(nameof(WeightDecay), WeightDecay, Bounds.NotNegative), space.Real(nameof(Epsilon), Epsilon, Bounds.Positive));
        return configuration => new OptimizerSettings(rate(configuration), groups => new RMSProp(
            groups.Select(group => new RMSProp.ParamGroup { Parameters = group.Parameters, Options = new() { LearningRate = rate(configuration) * group.RateFactor } }),
            rate(configuration), smoothing(configuration), epsilon(configuration), decay(configuration), momentum(configuration), centered(configuration)));
    });
}
