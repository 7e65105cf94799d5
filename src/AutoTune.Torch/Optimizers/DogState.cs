using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Optimizers;

/// <summary>What all parameters of a DoG optimizer share.</summary>
internal sealed class DogEstimate
{
    /// <summary>The largest distance from the first weights; 0 before the first step.</summary>
    public double Distance { get; set; }

    /// <summary>The sum of the squared norms of the gradients.</summary>
    public double Gradients { get; set; }
}

/// <summary>What DoG keeps of a parameter. Each state saves the shared estimate, too: TorchSharp has no other place for it.</summary>
internal sealed class DogState : OptimizerState, IDisposable
{
    private readonly DogEstimate _estimate;

    public DogState(Parameter parameter, DogEstimate estimate) : base(parameter)
    {
        _estimate = estimate;
        using var none = no_grad();
        Start = zeros_like(parameter).detach().DetachFromDisposeScope();
    }

    /// <summary>Whether the parameter had a gradient before.</summary>
    public bool HasBegun { get; set; }

    /// <summary>The weights before the first step.</summary>
    public Tensor Start { get; private set; }

    public override void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(_estimate.Distance);
        writer.Write(_estimate.Gradients);
        writer.Write(HasBegun);
        Start.Save(writer);
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        (_estimate.Distance, _estimate.Gradients, HasBegun) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean());
        Start.Load(reader);
    }

    public override void LoadStateDict(OptimizerState source)
    {
        var other = (DogState)source;
        (_estimate.Distance, _estimate.Gradients, HasBegun) = (other._estimate.Distance, other._estimate.Gradients, other.HasBegun);
        using var none = no_grad();
        Start.copy_(other.Start);
    }

    public override void Initialize(OptimizerOptions options) { }

    public override void to(Device device)
    {
        var old = Start;
        Start = old.to(device, copy: true).DetachFromDisposeScope();
        old.Dispose();
    }

    public void Dispose() => Start.Dispose();
}
