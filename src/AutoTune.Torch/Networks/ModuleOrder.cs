using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune.Torch.Networks;

/// <summary>The parts of a network in their order, from the input on. TorchSharp's named_modules gives those of inner networks last.</summary>
internal static class ModuleOrder
{
    /// <summary>The modules without children.</summary>
    public static IEnumerable<(string Name, torch.nn.Module Module)> Leaves(torch.nn.Module net) => All(net, "").Where(named => !named.Module.named_children().Any());

    /// <summary>
    /// The layers that have weights, each with the biases and norms that follow it.
    /// </summary>
    public static IReadOnlyList<(string Name, List<Parameter> Parameters)> Layers(torch.nn.Module net)
    {
        var layers = new List<(string Name, List<Parameter> Parameters)>();
        foreach (var (name, module) in All(net, ""))
        {
            var own = module.named_parameters(recurse: false).Select(named => named.parameter).ToList();
            if (own.Count == 0) continue;
            // A norm, a scale: it belongs to the layer before.
            if (layers.Count > 0 && own.TrueForAll(parameter => parameter.dim() < 2)) layers[^1].Parameters.AddRange(own);
            else layers.Add((name.Length == 0 ? net.GetName() : name, own));
        }

        return layers;
    }

    private static IEnumerable<(string Name, torch.nn.Module Module)> All(torch.nn.Module net, string path)
        => net.named_children().SelectMany(child => All(child.module, path.Length == 0 ? child.name : $"{path}.{child.name}")).Prepend((path, net));
}
