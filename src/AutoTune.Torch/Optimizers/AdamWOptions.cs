using AutoTune.Torch.Declaring;
using AutoTune.Torch.Optimizers;
using TorchSharp.Modules;

namespace AutoTune.Torch;

/// <summary>What is searched of AdamW. Immutable and thread-safe.</summary>
/// <remarks>
/// Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization". By default the learning rate and the weight decay are searched alone, which with
/// few trials finds better ones than searching the rest, too (Sivaprasad et al. 2020, "Optimizer benchmarking needs to account for hyperparameter tuning", section 4).
/// A weight decay fixed at 0 makes it Adam.
/// </remarks>
public sealed record AdamWOptions
{
    /// <summary>The learning rate. Default 1e-5 to 1e-1 on a log scale, beginning with 1e-3.</summary>
    public RealRange LearningRate { get; init; } = new(1e-5, 1e-1, Scale.Log, 1e-3);

    /// <summary>The weight decay, which the learning rate multiplies. Default 1e-4 to 1 on a log scale, beginning with 1e-2.</summary>
    public RealRange WeightDecay { get; init; } = new(1e-4, 1, Scale.Log, 1e-2);

    /// <summary>The decay of the mean of gradients, from 0 to below 1. Default 0.9, not searched; 0.8 to 0.98 is a range.</summary>
    public RealRange Beta1 { get; init; } = .9;

    /// <summary>The decay of the mean of their squares, from 0 to below 1. Default 0.999, not searched; 0.9 to 0.9999 is a range.</summary>
    public RealRange Beta2 { get; init; } = .999;

    /// <summary>What is added to the denominator, above 0. Default 1e-8, not searched.</summary>
    public RealRange Epsilon { get; init; } = 1e-8;

    internal OptimizerKind Kind => new("AdamW", space =>
    {
        var rate = space.Real(nameof(LearningRate), LearningRate, Bounds.NotNegative);
        var decay = space.Real(nameof(WeightDecay), WeightDecay, Bounds.NotNegative);
        var (beta1, beta2, epsilon) = (space.Real(nameof(Beta1), Beta1, Bounds.BelowOne), space.Real(nameof(Beta2), Beta2, Bounds.BelowOne), space.Real(nameof(Epsilon), Epsilon, Bounds.Positive));
        return configuration => new OptimizerSettings(rate(configuration), groups => new AdamW(
            groups.Select(group => new AdamW.ParamGroup { Parameters = group.Parameters, Options = new() { LearningRate = rate(configuration) * group.RateFactor } }),
            rate(configuration), beta1(configuration), beta2(configuration), epsilon(configuration), decay(configuration)));
    });
}
