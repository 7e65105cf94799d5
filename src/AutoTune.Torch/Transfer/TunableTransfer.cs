using System.Collections.Immutable;
using AutoTune.Torch;
using AutoTune.Torch.Declaring;
using AutoTune.Torch.Networks;
using TorchSharp;

namespace AutoTune;

/// <summary>How deep a network is frozen, and how learning rates fall with depth, as hyperparameters: made by <c>space.AddTransfer</c>.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class TunableTransfer
{
    private readonly Func<Configuration, double> _share;
    private readonly Func<Configuration, double> _decay;

    internal TunableTransfer(TransferOptions options, IDeclaration declaration)
        => (_share, _decay) = (declaration.Real(nameof(options.FrozenShare), options.FrozenShare, Bounds.Fraction), declaration.Real(nameof(options.RateDecay), options.RateDecay, Bounds.Positive));

    /// <summary>Freezes the layers that a configuration says, and gives the rest with their learning rates: <c>optimizers.Create(trial, transfers.Apply(trial.Configuration, net))</c>.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="net">The network, its weights loaded.</param>
    /// <exception cref="ArgumentException">The network has no parameters that are not frozen.</exception>
    public ImmutableArray<ParameterGroup> Apply(Configuration configuration, torch.nn.Module net)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(net);
        var layers = ModuleOrder.Layers(net).Count;
        if (layers > 1) net.FreezeFirst((int)Math.Round(Math.Clamp(_share(configuration), 0, 1) * (layers - 1)));
        return net.GroupByLayer(_decay(configuration));
    }
}
