using AutoTune.Torch.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Compression;

/// <summary>A network seen as a chain of layers whose units can be taken out.</summary>
internal static class UnitChain
{
    /// <exception cref="ArgumentException">It is no such chain.</exception>
    public static IReadOnlyList<UnitLayer> Of(nn.Module net)
    {
        var chain = new List<UnitLayer>();
        foreach (var (name, module) in ModuleOrder.Leaves(net))
        {
            if (WeightOf(module) is { } weight) chain.Add(Linked(chain, name, module, weight));
            else if (chain.Count > 0) AddTo(chain[^1], name, module);
            else if (module.named_parameters().Any()) throw Stranger(name, module);
        }

        return chain.Count > 0 ? chain : throw new ArgumentException($"The network {net.GetType().Name} has no linear layer or convolution whose units could be taken out.", nameof(net));
    }

    private static Parameter? WeightOf(nn.Module module) => module switch
    {
        Linear linear => linear.weight,
        Convolution { transposed: false, groups: 1 } convolution => convolution.weight,
        _ => null,
    };

    private static UnitLayer Linked(List<UnitLayer> chain, string name, nn.Module module, Parameter weight)
    {
        var layer = new UnitLayer(name, weight);
        if ((module is Linear linear ? linear.bias : ((Convolution)module).bias) is { } bias) layer.PerUnit.Add(bias);
        if (chain.Count > 0 && layer.Inputs % chain[^1].Units != 0)
            throw new ArgumentException($"Layer '{name}' has {layer.Inputs} inputs, which the {chain[^1].Units} units of '{chain[^1].Name}' before it do not give; units can be taken out of chains, where each layer feeds the next.");
        return layer;
    }

    // Norms and the like: their numbers go with the units.
    private static void AddTo(UnitLayer layer, string name, nn.Module module)
    {
        var tensors = module.named_parameters().Select(named => (named.name, Tensor: (Tensor)named.parameter)).Concat(module.named_buffers().Select(named => (named.name, Tensor: named.buffer))).ToList();
        foreach (var (part, tensor) in tensors)
        {
            if (tensor.dim() > 1 || (tensor.dim() == 1 && tensor.shape[0] != layer.Units)) throw Stranger(name, module);
            layer.PerUnit.Add(tensor);
            if (part == "weight" && module is NormBase) layer.Scale = tensor;
        }
    }

    private static ArgumentException Stranger(string name, nn.Module module)
        => new($"Layer '{name}' is a {module.GetName()}, which is no part of a chain of linear layers and convolutions (without groups); make a smaller network by hand.");
}
