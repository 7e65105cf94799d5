using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AutoTune.Torch.Online;
using AutoTune.Torch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune;

/// <summary>A TorchSharp network that learns from a stream while its hyperparameters are adapted: made by <c>space.TuneOnline(...)</c>.</summary>
/// <remarks>To be used by one thread at a time; dispose it. Batches belong to the caller. What is returned belongs to the caller's dispose scope.</remarks>
public sealed class LiveNetwork : IDisposable
{
    private readonly OnlineTuner<TensorBatch, Tensor> _tuner;
    private long[]? _example; // the shape of one, in the first batch

    internal LiveNetwork(OnlineTuner<TensorBatch, Tensor> tuner) => _tuner = tuner;

    /// <summary>The champion's network. It belongs to the live network, and changes with the next batch; <c>save</c> it to keep it.</summary>
    public nn.Module<Tensor, Tensor> Champion => ((TorchOnlineModel)_tuner.Champion).Net;

    /// <summary>The champion's hyperparameters.</summary>
    public Configuration Configuration => _tuner.Configuration;

    /// <summary>What was changed, and why, in the order of time: the last 1,000 changes.</summary>
    public IReadOnlyList<OnlineChange> Changes => _tuner.Changes;

    /// <summary>The live networks' hyperparameters with their weights in the mixture, the champion first.</summary>
    public ImmutableArray<(Configuration Configuration, double Weight)> Members => [.. _tuner.Members.Select(member => (member.Configuration, member.Weight))];

    /// <summary>How many examples it has learnt from.</summary>
    public long Examples => _tuner.Examples;

    /// <summary>How many batches it has learnt from.</summary>
    public long Batches => _tuner.Batches;

    /// <summary>How many steps optimizers have taken, over all networks: the cost.</summary>
    public long Updates => _tuner.Updates;

    /// <summary>The mean loss of an example over the whole stream, each predicted before it was learnt from.</summary>
    public double MeanLoss => _tuner.MeanLoss;

    /// <summary>The same for the champions alone.</summary>
    public double ChampionMeanLoss => _tuner.ChampionMeanLoss;

    /// <summary>Predicts a batch, then learns from it, then judges the networks.</summary>
    /// <param name="inputs">The inputs; the first dimension counts the examples.</param>
    /// <param name="targets">What was to be predicted.</param>
    /// <returns>The mean loss of the batch, predicted before it was learnt from.</returns>
    /// <exception cref="ArgumentException">No examples, not as many targets as inputs, examples of another shape that the network does not take, a loss that is no scalar, or one that is not finite even for fresh weights.</exception>
    /// <exception cref="ObjectDisposedException">The live network was disposed.</exception>
    /// <remarks>It sets libtorch's random state, of the CPU and of all CUDA devices, which is one for the whole process: what is decided and dropped repeats with the seed. Draw numbers of your own from a generator of your own.</remarks>
    public double Learn(Tensor inputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.dim() == 0 || targets.dim() == 0 || inputs.shape[0] != targets.shape[0])
            throw new ArgumentException($"The batch has inputs of shape [{string.Join(", ", inputs.shape)}] and targets of shape [{string.Join(", ", targets.shape)}]; the first dimension counts the examples of both.", nameof(targets));
        if (inputs.shape[0] == 0) throw new ArgumentException($"The batch has no examples (inputs of shape [{string.Join(", ", inputs.shape)}]); it must hold 1 or more: skip empty ones.", nameof(inputs));
        try
        {
            var loss = _tuner.Learn(new TensorBatch(inputs, targets), checked((int)inputs.shape[0]));
            _example ??= inputs.shape[1..];
            return loss;
        }
        catch (ExternalException error) when (_example is null)
        {
            throw new ArgumentException($"The network or the loss does not take the batch of inputs of shape [{string.Join(", ", inputs.shape)}] and targets of shape [{string.Join(", ", targets.shape)}]: {NativeError.Words(error)}", nameof(inputs), error);
        }
        catch (ExternalException error) when (_example is not null && !inputs.shape.AsSpan(1).SequenceEqual(_example))
        {
            throw new ArgumentException($"The network does not take the batch: its examples have shape [{string.Join(", ", inputs.shape[1..])}], those of the first batch had [{string.Join(", ", _example)}]; give the same each time.", nameof(inputs), error);
        }
    }

    /// <summary>What is predicted now: the weighted mean of the networks' outputs, or the champion's, as the options say.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <returns>The outputs, in the caller's dispose scope.</returns>
    public Tensor Predict(Tensor inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using var none = no_grad();
        using var output = _tuner.Predict(new TensorBatch(inputs, inputs));
        return output.clone(); // what the tuner gives is in no scope
    }

    /// <summary>Writes everything to a file, from which <see cref="Load"/> goes on as if nothing had happened. The file is there whole or as it was before.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path) => _tuner.Save(path);

    /// <summary>Goes on from a file that <see cref="Save"/> wrote, with the same space, network, optimizer and options.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such state, of another version, or of another network or space.</exception>
    public void Load(string path) => _tuner.Load(path);

    /// <summary>Frees all networks and optimizers.</summary>
    public void Dispose() => _tuner.Dispose();
}
