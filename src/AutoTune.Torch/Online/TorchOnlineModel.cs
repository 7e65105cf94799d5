using AutoTune.Torch.Devices;
using AutoTune.Torch.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Online;

/// <summary>A live network with its optimizer, and a network of the mean of its weights.</summary>
internal sealed class TorchOnlineModel(TorchOnlineLearner learner, nn.Module<Tensor, Tensor> net, nn.Module<Tensor, Tensor> mean, OptimizerHelper optimizer) : IOnlineModel<TensorBatch, Tensor>, IAveragedModel<TensorBatch, Tensor>, IStoredModel
{
    private const double Forgetting = 0.1; // of the mean of the weights, a batch: ten batches count
    private readonly KeptState _net = KeptState.Of("net", net), _mean = KeptState.Of("mean", mean), _optimizer = KeptState.Of("optimizer", optimizer);

    public nn.Module<Tensor, Tensor> Net => net;

    public nn.Module<Tensor, Tensor> Mean => mean;

    public Tensor Predict(TensorBatch batch) => Predict(net, batch);

    public Tensor PredictAveraged(TensorBatch batch) => Predict(mean, batch);

    public void Learn(TensorBatch batch, RandomSource random)
    {
        // libtorch has one random state: what dropout draws is to depend on this model and batch alone.
        RandomState.Set(random.NextSeed());

        using var with = enable_grad();
        using (var scope = NewDisposeScope())
        {
            net.train();
            optimizer.zero_grad();
            var loss = learner.Loss(net, batch);
            if (!loss.requires_grad) throw new ArgumentException("The loss depends on nothing that is trained: it was computed under no_grad, detached, or all parameters are frozen.");
            loss.backward();
        }

        // What the optimizer makes for itself at its first steps is its own, and outlives the scope of whoever called.
        using var step = NewDisposeScope();
        optimizer.step();
        step.Detach([.. step.DisposablesView]);
        Average();
    }

    public IOnlineModel<TensorBatch, Tensor> Copy(Configuration configuration)
    {
        var copy = learner.Make(configuration);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (own, others) = (net.state_dict(), copy.Net.state_dict());
        foreach (var (name, tensor) in own) others[name].copy_(tensor);
        foreach (var (to, from) in copy.Mean.parameters().Zip(mean.parameters())) to.copy_(from);
        foreach (var (to, from) in copy.Mean.buffers().Zip(mean.buffers())) to.copy_(from);
        // Another kind of optimizer begins anew: momenta of one say nothing to the other.
        if (copy._optimizer.Shape() != _optimizer.Shape()) return copy;
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true)) _optimizer.Save(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        var giveBack = copy._optimizer.Hyperparameters!();
        copy._optimizer.Load(reader);
        giveBack();
        scope.Detach([.. scope.DisposablesView]);
        return copy;
    }

    public void Save(BinaryWriter writer)
    {
        foreach (var state in (KeptState[])[_net, _mean, _optimizer])
        {
            writer.Write(state.Shape());
            state.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var state in (KeptState[])[_net, _mean, _optimizer])
        {
            if (reader.ReadString() is var there && there != state.Shape())
                throw new InvalidDataException($"The state is one of another {state.Name} ({there}; here is {state.Shape()}); go on with the network and optimizer that wrote it.");
            state.Load(reader);
        }

        scope.Detach([.. scope.DisposablesView]);
    }

    public void Dispose()
    {
        optimizer.Dispose();
        mean.Dispose();
        net.Dispose();
    }

    private static Tensor Predict(nn.Module<Tensor, Tensor> of, TensorBatch batch)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        of.eval();
        return of.call(batch.Inputs).DetachFromDisposeScope();
    }

    private void Average()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (to, from) in mean.parameters().Zip(net.parameters())) to.lerp_(from, Forgetting);
        // Such as the running means of a batch normalisation, which are means already.
        foreach (var (to, from) in mean.buffers().Zip(net.buffers())) to.copy_(from);
    }
}
