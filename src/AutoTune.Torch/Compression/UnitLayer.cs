using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Compression;

/// <summary>A linear layer or convolution of a chain, with what follows it and has a number a unit.</summary>
/// <param name="Name">Its name in the network.</param>
/// <param name="Weight">[units, inputs] or [units, inputs, kernel].</param>
internal sealed record UnitLayer(string Name, Parameter Weight)
{
    /// <summary>The tensors that have a number a unit, or one in all: the bias, those of norms.</summary>
    public List<Tensor> PerUnit { get; } = [];

    /// <summary>The scale of the norm that follows; null: none does.</summary>
    public Tensor? Scale { get; set; }

    public int Units => (int)Weight.shape[0];

    public int Inputs => (int)Weight.shape[1];

    /// <summary>How many inputs of the next layer each unit gives: more than one where a picture was flattened.</summary>
    public int PerUnitOfNext(UnitLayer next) => next.Inputs / Units;

    /// <summary>The inputs of the next layer that these units give.</summary>
    public Tensor InputsOfNext(UnitLayer next, Tensor units)
    {
        var each = PerUnitOfNext(next);
        return (units.unsqueeze(1) * each + arange(each, ScalarType.Int64, units.device)).flatten();
    }

    public Tensor IncomingNorm() => Scale?.abs() ?? Weight.flatten(1).square().sum(1).sqrt();

    public Tensor OutgoingNorm(UnitLayer next) => next.Weight.reshape(next.Units, Units, -1).square().sum([0, 2]).sqrt();
}
