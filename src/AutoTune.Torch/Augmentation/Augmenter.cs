using System.Collections.Immutable;
using AutoTune.Torch.Augmentation;
using TorchSharp;

namespace AutoTune;

/// <summary>Alters batches of training examples, each example by random draws of its own: <c>var (x, y) = augmenter.Apply(batch)</c>. For training batches, not for validation.</summary>
/// <remarks>
/// Draws come from generators seeded by trial, epoch, batch and operation, on the batch's device; libtorch's global random state is left alone. With every strength 0 a batch
/// comes back as it went in, the same tensors. To be used by one thread at a time.
/// </remarks>
public sealed class Augmenter
{
    private readonly ImmutableArray<AppliedOperation> _operations;
    private readonly Func<int> _epoch;
    private readonly RandomSource _random;
    private readonly BatchCount _batches;

    internal Augmenter(ImmutableArray<AppliedOperation> operations, Func<int> epoch, RandomSource random) : this(operations, epoch, random, new BatchCount()) { }

    private Augmenter(ImmutableArray<AppliedOperation> operations, Func<int> epoch, RandomSource random, BatchCount batches) => (_operations, _epoch, _random, _batches) = (operations, epoch, random, batches);

    /// <summary>What is applied, in order, and how strongly; for messages and pictures.</summary>
    public IEnumerable<KeyValuePair<string, double>> Strengths => _operations.Select(one => KeyValuePair.Create(one.Operation.Name, one.Strength));

    /// <summary>An augmenter with a strength that is a tensor, to which gradients flow back from what it alters. Its value may be 0; then draws are made and change nothing but rounding. Both count batches together.</summary>
    /// <param name="operation">Which: "shift", "rotate", "crop", "noise" and "mixup" are smooth in their strength, others give it no gradient.</param>
    /// <param name="strength">A scalar; it stays the caller's.</param>
    /// <exception cref="ArgumentException">There is no such operation here, or the strength is no scalar.</exception>
    public Augmenter WithStrength(string operation, torch.Tensor strength)
    {
        ArgumentNullException.ThrowIfNull(strength);
        if (strength.numel() != 1) throw new ArgumentException($"The strength of '{operation}' has shape [{string.Join(", ", strength.shape)}]; it must be a scalar.", nameof(strength));
        var index = _operations.IndexOf(_operations.FirstOrDefault(one => one.Operation.Name == operation)!);
        if (index < 0) throw new ArgumentException($"There is no operation '{operation}' here; there are {string.Join(", ", _operations.Select(one => one.Operation.Name))}.", nameof(operation));
        return new Augmenter(_operations.SetItem(index, _operations[index] with { Tensor = strength }), _epoch, _random, _batches);
    }

    /// <summary>Alters a batch.</summary>
    /// <param name="batch">Inputs and targets.</param>
    /// <param name="number">
    /// Which batch of the epoch it is; null: the next. The same number has the same draws: give the step where a batch is asked for more than once, as <see cref="BilevelProblem"/> does.
    /// </param>
    /// <returns>The altered batch; its new tensors belong to the dispose scope that is open here.</returns>
    /// <exception cref="ArgumentException">The inputs have no examples or other dimensions than an operation alters, are no floating-point numbers, or targets are not as many or cannot be mixed.</exception>
    public TensorBatch Apply(TensorBatch batch, int? number = null) => Apply(batch.Inputs, batch.Targets, number);

    /// <summary>Alters a batch.</summary>
    /// <param name="inputs">The inputs; floating point, the first dimension counts the examples.</param>
    /// <param name="targets">The targets; only mix-up alters them.</param>
    /// <param name="number">Which batch of the epoch it is; null: the next. The same number has the same draws.</param>
    /// <inheritdoc cref="Apply(TensorBatch, int?)"/>
    public TensorBatch Apply(torch.Tensor inputs, torch.Tensor targets, int? number = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        var epoch = _epoch();
        var random = _random.Fork("epoch", epoch).Fork("batch", number ?? _batches.Next(epoch));
        var active = _operations.Where(one => one.IsActive).ToList();
        if (active.Count == 0) return new TensorBatch(inputs, targets);
        Demand(active, inputs);
        if (targets.dim() == 0 || targets.shape[0] != inputs.shape[0]) throw new ArgumentException($"The inputs have shape [{string.Join(", ", inputs.shape)}], the targets [{string.Join(", ", targets.shape)}]; each input needs one target.", nameof(targets));
        using var scope = torch.NewDisposeScope();
        var examples = new Examples(inputs, targets);
        torch.Tensor? matrices = null;
        foreach (var one in active)
        {
            var strength = one.Tensor is { } tensor ? tensor.reshape([]).to(inputs.dtype) : torch.tensor(one.Strength, inputs.dtype, inputs.device);
            using var draws = new Draws(random.Fork(one.Operation.Name), inputs);
            if (one.Operation is GeometricOperation geometric)
            {
                var next = geometric.Matrices(examples, strength, draws);
                matrices = matrices is null ? next : torch.bmm(matrices, next);
                continue;
            }

            examples = one.Operation.Apply(Warped(examples, ref matrices), strength, draws);
        }

        examples = Warped(examples, ref matrices);
        return new TensorBatch(Out(examples.Inputs, inputs), Out(examples.Targets, targets));
    }

    private static torch.Tensor Out(torch.Tensor result, torch.Tensor original) => ReferenceEquals(result, original) ? result : result.MoveToOuterDisposeScope();

    private static Examples Warped(Examples examples, ref torch.Tensor? matrices)
    {
        if (matrices is null) return examples;
        var warped = GeometricOperation.Warp(examples, matrices);
        matrices = null;
        return warped;
    }

    private static void Demand(List<AppliedOperation> active, torch.Tensor inputs)
    {
        if (!inputs.is_floating_point()) throw new ArgumentException($"The inputs are {inputs.dtype}; augmentation needs floating-point numbers: inputs.to(torch.float32).", nameof(inputs));
        foreach (var (operation, _, _) in active)
        {
            if (inputs.dim() < operation.Dimensions || inputs.shape[0] == 0 || (operation.Dimensions == 4 && inputs.dim() > 4))
            {
                var shape = operation.Dimensions == 4 ? "images [n, channels, height, width]" : operation.Dimensions == 3 ? "spectrograms [n, frequency, time]" : "[n, time]";
                throw new ArgumentException($"The inputs have shape [{string.Join(", ", inputs.shape)}]; '{operation.Name}' alters {shape}.", nameof(inputs));
            }
        }
    }

    /// <summary>How many batches an epoch has had.</summary>
    private sealed class BatchCount
    {
        private int _epoch = -1;
        private int _count;

        public int Next(int epoch)
        {
            if (epoch != _epoch) (_epoch, _count) = (epoch, 0);
            return _count++;
        }
    }
}
