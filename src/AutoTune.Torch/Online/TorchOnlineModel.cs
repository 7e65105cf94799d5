using System.Collections.Immutable;
using AutoTune.Torch.Devices;
using AutoTune.Torch.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Online;

/// <summary>A live network with its optimizer, and networks of the means of its weights.</summary>
internal sealed class TorchOnlineModel(TorchOnlineLearner learner, nn.Module<Tensor, Tensor> net, ImmutableArray<nn.Module<Tensor, Tensor>> means, OptimizerHelper optimizer) : IOnlineModel<TensorBatch, Tensor>, IAveragedModel<TensorBatch, Tensor>, IStoredModel
{
    private readonly KeptState _net = KeptState.Of("net", net), _optimizer = KeptState.Of("optimizer", optimizer);
    private readonly KeptState[] _means = [.. means.Select(mean => KeptState.Of("mean", mean))];
    private readonly int[] _ages = new int[Horizons.Length]; // batches in each mean

    public nn.Module<Tensor, Tensor> Net => net;

    /// <summary>How many batches count in each mean of the weights.</summary>
    public static ImmutableArray<int> Horizons { get; } = [4, 16, 64];

    public int Means => Horizons.Length;

    public Tensor Predict(TensorBatch batch) => Predict(net, batch);

    public Tensor PredictAveraged(TensorBatch batch, int mean) => Predict(means[mean], batch);

    public void Renew(int mean)
    {
        Copy(mean == 0 ? net : means[mean - 1], means[mean]);
        _ages[mean] = mean == 0 ? 1 : _ages[mean - 1];
    }

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
        copy.TakeMeans(means, _ages);
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
        foreach (var age in _ages) writer.Write(age);
        foreach (var state in (KeptState[])[_net, .. _means, _optimizer])
        {
            writer.Write(state.Shape());
            state.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        for (var k = 0; k < _ages.Length; k++) _ages[k] = reader.ReadInt32();
        foreach (var state in (KeptState[])[_net, .. _means, _optimizer])
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
        foreach (var mean in means) mean.Dispose();
        net.Dispose();
    }

    /// <summary>Gives a network the weights and buffers of another.</summary>
    public static void Copy(nn.Module<Tensor, Tensor> source, nn.Module<Tensor, Tensor> target)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (to, from) in target.parameters().Zip(source.parameters())) to.copy_(from);
        foreach (var (to, from) in target.buffers().Zip(source.buffers())) to.copy_(from);
    }

    private static Tensor Predict(nn.Module<Tensor, Tensor> of, TensorBatch batch)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        of.eval();
        return of.call(batch.Inputs).DetachFromDisposeScope();
    }

    private void TakeMeans(ImmutableArray<nn.Module<Tensor, Tensor>> others, int[] ages)
    {
        for (var k = 0; k < means.Length; k++) Copy(others[k], means[k]);
        ages.CopyTo(_ages, 0);
    }

    private void Average()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        for (var k = 0; k < means.Length; k++)
        {
            var share = 1.0 / Math.Min(++_ages[k], Horizons[k]);
            foreach (var (to, from) in means[k].parameters().Zip(net.parameters())) to.lerp_(from, share);
            // Such as the running means of a batch normalisation, which are means already.
            foreach (var (to, from) in means[k].buffers().Zip(net.buffers())) to.copy_(from);
        }
    }
}
