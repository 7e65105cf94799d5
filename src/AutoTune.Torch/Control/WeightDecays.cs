using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace AutoTune.Torch.Control;

/// <summary>The weight decay of a group of an optimizer: TorchSharp has no common name for it.</summary>
/// <param name="Value">What it is now.</param>
/// <param name="Set">Changes it.</param>
internal sealed record WeightDecays(double Value, Action<double> Set)
{
    /// <summary>That of each group.</summary>
    /// <exception cref="ArgumentException">The optimizer has none, or one that cannot be changed.</exception>
    public static IReadOnlyList<WeightDecays> Of(OptimizerHelper optimizer) => [.. optimizer.ParamGroups.Select(group => group switch
    {
        ParamGroup<SGD.Options> sgd => new WeightDecays(sgd.Options.weight_decay ?? 0, value => sgd.Options.weight_decay = value),
        ParamGroup<Adam.Options> adam => new WeightDecays(adam.Options.weight_decay ?? 0, value => adam.Options.weight_decay = value),
        ParamGroup<AdamW.Options> adam => new WeightDecays(adam.Options.weight_decay ?? 0, value => adam.Options.weight_decay = value),
        ParamGroup<RMSProp.Options> rms => new WeightDecays(rms.Options.weight_decay ?? 0, value => rms.Options.weight_decay = value),
        _ => throw new ArgumentException($"The weight decay of {optimizer.GetType().Name} cannot be changed while it trains; use SGD, Adam, AdamW or RMSprop, or leave it out of the controller's settings."),
    })];
}
