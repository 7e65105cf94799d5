using AutoTune.Torch.Declaring;
using AutoTune.Torch.Optimizers;
using TorchSharp.Modules;

namespace AutoTune.Torch;

/// <summary>What is searched of stochastic gradient descent with momentum. Immutable and thread-safe.</summary>
/// <remarks>
/// Sources: Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning"; ranges after Sivaprasad et al. 2020,
/// "Optimizer benchmarking needs to account for hyperparameter tuning", and Goyal et al. 2017 (weight decay, Nesterov), rounded.
/// </remarks>
public sealed record SgdOptions
{
    /// <summary>The learning rate. Default 1e-4 to 1 on a log scale, beginning with 0.05.</summary>
    public RealRange LearningRate { get; init; } = new(1e-4, 1, Scale.Log, .05);

    /// <summary>The momentum, from 0 to below 1. Default 0.5 to 0.99, beginning with 0.9.</summary>
    public RealRange Momentum { get; init; } = new(.5, .99, Scale.Linear, .9);

    /// <summary>Whether the momentum is Nesterov's. Default null: searched.</summary>
    public bool? Nesterov { get; init; }

    /// <summary>The weight decay, an L2 penalty. Default 1e-6 to 1e-2 on a log scale, beginning with 1e-4.</summary>
    public RealRange WeightDecay { get; init; } = new(1e-6, 1e-2, Scale.Log, 1e-4);

    internal OptimizerKind Kind => new("SGD", space =>
    {
        var rate = space.Real(nameof(LearningRate), LearningRate, Bounds.NotNegative);
        var momentum = space.Real(nameof(Momentum), Momentum, Bounds.BelowOne);
        var nesterov = space.Boolean(nameof(Nesterov), Nesterov);
        var decay = space.Real(nameof(WeightDecay), WeightDecay, Bounds.NotNegative);
        return configuration => new OptimizerSettings(rate(configuration), groups => new SGD(
            groups.Select(group => new SGD.ParamGroup { Parameters = group.Parameters, Options = new() { LearningRate = rate(configuration) * group.RateFactor } }),
            rate(configuration), momentum(configuration), dampening: 0, decay(configuration), nesterov(configuration) && momentum(configuration) > 0));
    });
}
