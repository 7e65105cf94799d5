using System.Collections.Immutable;
using AutoTune.Torch;
using AutoTune.Torch.Declaring;
using AutoTune.Torch.Networks;
using TorchSharp;

namespace AutoTune;

/// <summary>Freezes layers and gives layers learning rates of their own, for networks that were trained before on something else.</summary>
/// <remarks>A layer here is a module with weights, together with the norms that follow it; layers are counted from the input.</remarks>
public static class TransferExtensions
{
    /// <summary>Freezes the parameters of the parts of these names: they get no gradients, and optimizers leave them alone.</summary>
    /// <param name="net">The network.</param>
    /// <param name="parts">Names of modules or parameters, such as "encoder" or "encoder.0": each freezes what it names and all that is within.</param>
    /// <returns>How many parameter tensors are frozen now.</returns>
    /// <remarks>Batch norms within still follow the batches in training mode; set such parts to <c>eval()</c> after <c>net.train()</c> if that is not wanted.</remarks>
    /// <exception cref="ArgumentException">A name fits no parameter.</exception>
    public static int Freeze(this torch.nn.Module net, params ReadOnlySpan<string> parts)
    {
        ArgumentNullException.ThrowIfNull(net);
        var named = net.named_parameters().ToList();
        foreach (var part in parts)
        {
            var within = named.Where(parameter => parameter.name == part || parameter.name.StartsWith(part + ".", StringComparison.Ordinal)).ToList();
            if (within.Count == 0) throw new ArgumentException($"No layer is named '{part}', so nothing is frozen by it; the network has {string.Join(", ", ModuleOrder.Layers(net).Select(layer => layer.Name))}.", nameof(parts));
            foreach (var (_, parameter) in within) parameter.requires_grad_(false);
        }

        return named.Count(parameter => !parameter.parameter.requires_grad);
    }

    /// <summary>Freezes the first layers, counted from the input.</summary>
    /// <param name="net">The network.</param>
    /// <param name="layers">How many, from 0 to all but the last.</param>
    /// <returns>The names of the layers that are frozen by it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public static ImmutableArray<string> FreezeFirst(this torch.nn.Module net, int layers)
    {
        ArgumentNullException.ThrowIfNull(net);
        var all = ModuleOrder.Layers(net);
        if (layers < 0 || layers >= all.Count) throw new ArgumentOutOfRangeException(nameof(layers), layers, $"The network has {all.Count} layers ({string.Join(", ", all.Select(layer => layer.Name))}); freeze from 0 to {all.Count - 1} of them.");
        foreach (var parameter in all.Take(layers).SelectMany(layer => layer.Parameters)) parameter.requires_grad_(false);
        return [.. all.Take(layers).Select(layer => layer.Name)];
    }

    /// <summary>
    /// The parameters by layer, with learning rates that fall from the output to the input: the last layer has factor 1, the one before it
    /// <paramref name="decay"/>, and so on (Howard and Ruder 2018, "Universal language model fine-tuning", section 3.2, where decay is 1 / 2.6). Frozen parameters are left out.
    /// </summary>
    /// <param name="net">The network.</param>
    /// <param name="decay">The factor from a layer to the one before it, above 0; 1 for the same rate everywhere.</param>
    /// <returns>The groups, for <see cref="TunableOptimizer"/> or an optimizer of your own.</returns>
    /// <exception cref="ArgumentException">The factor is not above 0, or the network has no parameter that is not frozen.</exception>
    public static ImmutableArray<ParameterGroup> GroupByLayer(this torch.nn.Module net, double decay = 1)
    {
        ArgumentNullException.ThrowIfNull(net);
        if (!(decay > 0 && double.IsFinite(decay))) throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay of learning rates by layer must be above 0.");
        var layers = ModuleOrder.Layers(net);
        ImmutableArray<ParameterGroup> groups = [.. layers.Select((layer, i) => (layer.Name, Free: layer.Parameters.Where(parameter => parameter.requires_grad).ToList(), Factor: Math.Pow(decay, layers.Count - 1 - i)))
            .Where(layer => layer.Free.Count > 0).Select(layer => new ParameterGroup(layer.Name, layer.Free, layer.Factor))];
        return groups.IsEmpty ? throw new ArgumentException($"The network {net.GetType().Name} has no parameters to train: {(layers.Count == 0 ? "it has none" : "all are frozen")}.", nameof(net)) : groups;
    }

    /// <summary>Adds what is searched when a trained network is fine-tuned: "transfer.FrozenShare" and "transfer.RateDecay".</summary>
    /// <param name="space">Where to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">What is searched; null: the defaults.</param>
    /// <param name="activeWhen">When it exists; null: always.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting, or an end of its range, is out of what it may be.</exception>
    public static TunableTransfer AddTransfer(this SearchSpaceBuilder space, string name, TransferOptions? options = null, Condition? activeWhen = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        return new TunableTransfer(options ?? new TransferOptions(), new SpaceDeclaration(space, name, activeWhen));
    }
}
