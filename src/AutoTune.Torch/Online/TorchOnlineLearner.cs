using System.Collections.Immutable;
using AutoTune.Torch.Devices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Online;

/// <summary>What a live network is made of.</summary>
/// <param name="create">Makes a network with fresh weights.</param>
/// <param name="optimizer">Makes the optimizer of a configuration.</param>
/// <param name="loss">The mean loss of a batch, of outputs and targets.</param>
/// <param name="device">Where networks live.</param>
internal sealed class TorchOnlineLearner(
    Func<nn.Module<Tensor, Tensor>> create, Func<Configuration, nn.Module<Tensor, Tensor>, OptimizerHelper> optimizer, Func<Tensor, Tensor, Tensor> loss, Device device)
    : IOnlineLearner<TensorBatch, Tensor>
{
    public IOnlineModel<TensorBatch, Tensor> Create(Configuration configuration, RandomSource random)
    {
        RandomState.Set(random.NextSeed());

        return Make(configuration);
    }

    public Tensor Mix(IReadOnlyList<(Tensor Output, double Weight)> outputs)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var sum = outputs[0].Output * outputs[0].Weight;
        foreach (var (output, weight) in outputs.Skip(1)) sum.add_(output, alpha: weight);
        return sum.DetachFromDisposeScope();
    }

    public double Loss(Tensor output, TensorBatch batch)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return Scalar(loss(output, batch.Targets)).to(ScalarType.Float64).item<double>();
    }

    /// <summary>The loss to step down.</summary>
    public Tensor Loss(nn.Module<Tensor, Tensor> net, TensorBatch batch) => Scalar(loss(net.call(batch.Inputs), batch.Targets));

    public TorchOnlineModel Make(Configuration configuration)
    {
        using var scope = NewDisposeScope();
        var net = create() ?? throw new InvalidOperationException("TuneOnline's create returned null; return a network: () => new Net().");
        ImmutableArray<nn.Module<Tensor, Tensor>> means = [.. TorchOnlineModel.Horizons.Select(_ => create().to(device))];
        net = net.to(device);
        foreach (var mean in means) TorchOnlineModel.Copy(net, mean);
        var made = optimizer(configuration, net) ?? throw new InvalidOperationException("TuneOnline's optimizer returned null; return one of the network's parameters: (configuration, net) => optim.SGD(net.parameters(), configuration.Get(rate)).");
        // They outlive the scope of whoever made them.
        scope.Detach([.. scope.DisposablesView]);
        return new TorchOnlineModel(this, net, means, made);
    }

    private static Tensor Scalar(Tensor value)
        => value.numel() == 1 ? value : throw new ArgumentException($"The loss has shape [{string.Join(", ", value.shape)}]; TuneOnline needs the mean of the batch: take its mean().");
}
