using TorchSharp;

namespace AutoTune;

/// <summary>
/// Examples held in memory, and batches of them: <c>foreach (var (x, y) in batches.Shuffled(trial.Random.Fork("order", epoch), 64))</c>. A batch is one
/// <c>index_select</c> on the device, where a data loader would put it together example by example.
/// </summary>
/// <remarks>
/// Each batch has a dispose scope of its own, opened when it is asked for and closed when the next one is or the loop is left: what the loop's body makes is freed
/// then, unless it is moved out. The examples belong to whoever made them. To be used by one thread at a time.
/// </remarks>
public sealed class TensorBatches
{
    private readonly torch.Tensor _inputs;
    private readonly torch.Tensor _targets;

    /// <summary>Batches of these examples.</summary>
    /// <param name="inputs">The inputs; the first dimension counts the examples.</param>
    /// <param name="targets">What is to be predicted, in the same order.</param>
    /// <param name="device">Where batches belong: <c>trial.Device</c>. Examples of another device are copied there, once. Null: where they are.</param>
    /// <exception cref="ArgumentException">There are no examples, not as many targets as inputs, or they are on two devices and none is said.</exception>
    public TensorBatches(torch.Tensor inputs, torch.Tensor targets, torch.Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        DemandExamples(inputs, nameof(inputs));
        DemandExamples(targets, nameof(targets));
        if (inputs.shape[0] != targets.shape[0])
            throw new ArgumentException($"There are {inputs.shape[0]} inputs {Shape(inputs)} and {targets.shape[0]} targets {Shape(targets)}; each input needs one target.", nameof(targets));
        if (device is null && inputs.device.ToString() != targets.device.ToString())
            throw new ArgumentException($"The inputs are on {inputs.device}, the targets on {targets.device}; say where batches belong: new TensorBatches(inputs, targets, trial.Device).", nameof(targets));
        _inputs = device is null ? inputs : inputs.to(device);
        _targets = device is null ? targets : targets.to(device);
    }

    /// <summary>How many examples there are.</summary>
    public int Count => checked((int)_inputs.shape[0]);

    /// <summary>How many batches of a size an epoch has; the last one may be smaller.</summary>
    /// <param name="size">How many examples a batch has.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1 or above <see cref="Count"/>.</exception>
    public int BatchCount(int size) => (Count + Checked(size) - 1) / size;

    /// <summary>All examples once, in a random order.</summary>
    /// <param name="random">Where the order comes from; a fork by epoch, so that a training that is resumed sees the same.</param>
    /// <param name="size">How many examples a batch has; the last one has what is left.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1 or above <see cref="Count"/>.</exception>
    public IEnumerable<TensorBatch> Shuffled(RandomSource random, int size)
    {
        ArgumentNullException.ThrowIfNull(random);
        Checked(size);
        var order = new long[Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        random.Shuffle(order.AsSpan());
        return Selected(order, size);
    }

    /// <summary>All examples once, as they stand.</summary>
    /// <param name="size">How many examples a batch has; the last one has what is left.</param>
    /// <remarks>These batches are views of the examples: what changes them in place changes those.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1 or above <see cref="Count"/>.</exception>
    public IEnumerable<TensorBatch> InOrder(int size)
    {
        Checked(size);
        return Slices(size);
    }

    private IEnumerable<TensorBatch> Selected(long[] order, int size)
    {
        // In no scope: what a loop's body moves out of the batch's scope shall land in the one around the loop.
        using var rows = torch.tensor(order, device: _inputs.device).DetachFromDisposeScope();
        for (var start = 0; start < order.Length; start += size)
        {
            using var scope = torch.NewDisposeScope();
            var batch = rows.narrow(0, start, Math.Min(size, order.Length - start));
            yield return new TensorBatch(_inputs.index_select(0, batch), _targets.index_select(0, batch));
        }
    }

    private IEnumerable<TensorBatch> Slices(int size)
    {
        for (var start = 0; start < Count; start += size)
        {
            using var scope = torch.NewDisposeScope();
            var length = Math.Min(size, Count - start);
            yield return new TensorBatch(_inputs.narrow(0, start, length), _targets.narrow(0, start, length));
        }
    }

    private int Checked(int size)
        => size >= 1 && size <= Count ? size : throw new ArgumentOutOfRangeException(nameof(size), size, $"The batch size {size} must be from 1 to {Count}, the number of examples.");

    private static void DemandExamples(torch.Tensor tensor, string name)
    {
        if (tensor.dim() == 0 || tensor.shape[0] == 0) throw new ArgumentException($"The {name} have shape {Shape(tensor)}; the first dimension counts the examples, of which there must be one.", name);
    }

    private static string Shape(torch.Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}

/// <summary>Some examples together.</summary>
/// <param name="Inputs">The inputs; the first dimension counts the examples.</param>
/// <param name="Targets">What is to be predicted, in the same order.</param>
public readonly record struct TensorBatch(torch.Tensor Inputs, torch.Tensor Targets);
