using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Optimizers;

/// <summary>What all parameters of a Prodigy optimizer share.</summary>
internal sealed class ProdigyEstimate
{
    /// <summary>d: the estimated distance between the first weights and the best.</summary>
    public double Distance { get; set; }

    /// <summary>r, in units of (1 - sqrt beta2) d0.</summary>
    public double Numerator { get; set; }
}

/// <summary>What Prodigy keeps of a parameter. Each state saves the shared estimate, too: TorchSharp has no other place for it.</summary>
internal sealed class ProdigyState : OptimizerState, IDisposable
{
    private readonly ProdigyEstimate _estimate;

    public ProdigyState(Parameter parameter, ProdigyEstimate estimate) : base(parameter)
    {
        _estimate = estimate;
        Tensor Zeros() => zeros_like(parameter).detach().DetachFromDisposeScope();
        using var none = no_grad();
        (Start, Mean, Square, Sum) = (Zeros(), Zeros(), Zeros(), Zeros());
    }

    /// <summary>Whether the parameter had a gradient before.</summary>
    public bool HasBegun { get; set; }

    /// <summary>x0: the weights before the first step.</summary>
    public Tensor Start { get; private set; }

    /// <summary>m.</summary>
    public Tensor Mean { get; private set; }

    /// <summary>v.</summary>
    public Tensor Square { get; private set; }

    /// <summary>s, in units of (1 - sqrt beta2) d0.</summary>
    public Tensor Sum { get; private set; }

    public override void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(_estimate.Distance);
        writer.Write(_estimate.Numerator);
        writer.Write(HasBegun);
        foreach (var tensor in Tensors) tensor.Save(writer);
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        _estimate.Distance = reader.ReadDouble();
        _estimate.Numerator = reader.ReadDouble();
        HasBegun = reader.ReadBoolean();
        foreach (var tensor in Tensors) tensor.Load(reader);
    }

    public override void LoadStateDict(OptimizerState source)
    {
        var other = (ProdigyState)source;
        (_estimate.Distance, _estimate.Numerator, HasBegun) = (other._estimate.Distance, other._estimate.Numerator, other.HasBegun);
        using var none = no_grad();
        foreach (var (mine, theirs) in Tensors.Zip(other.Tensors)) mine.copy_(theirs);
    }

    public override void Initialize(OptimizerOptions options) { }

    public override void to(Device device)
    {
        var old = Tensors;
        Tensor Moved(Tensor tensor) => tensor.to(device, copy: true).DetachFromDisposeScope();
        (Start, Mean, Square, Sum) = (Moved(Start), Moved(Mean), Moved(Square), Moved(Sum));
        foreach (var tensor in old) tensor.Dispose();
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors) tensor.Dispose();
    }

    private Tensor[] Tensors => [Start, Mean, Square, Sum];
}
