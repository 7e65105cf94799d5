using System.Collections.Immutable;
using AutoTune.Torch.Devices;
using TorchSharp;

namespace AutoTune;

/// <summary>
/// A training as a problem in two levels: weights that lower the training loss, and hyperparameters that are to lower the validation loss of those weights.
/// What <see cref="Hypergradients"/> differentiates.
/// </summary>
/// <remarks>To be used by one thread. The losses are functions of the weights and hyperparameters as those tensors are when they are called.</remarks>
public sealed class BilevelProblem
{
    /// <summary>Puts a problem together.</summary>
    /// <param name="weights">What training changes: <c>net.parameters()</c>. Leaves of floating point that require gradients.</param>
    /// <param name="hyperparameters">
    /// What the validation loss is differentiated by: tensors of any shape, leaves of floating point that require gradients, which the update rule or
    /// the losses use: <see cref="HyperTensors"/> makes them of a configuration.
    /// </param>
    /// <param name="trainingLoss">The training loss of a step's batch, a scalar; steps are counted from 1. It is asked for the same step more than once and must then use the same batch, augmented alike: <c>augmenter.Apply(batch, step)</c>.</param>
    /// <param name="validationLoss">The validation loss, a scalar.</param>
    /// <exception cref="ArgumentException">A tensor is not what it must be.</exception>
    public BilevelProblem(IEnumerable<torch.Tensor> weights, IEnumerable<torch.Tensor> hyperparameters, Func<int, torch.Tensor> trainingLoss, Func<torch.Tensor> validationLoss)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(hyperparameters);
        ArgumentNullException.ThrowIfNull(trainingLoss);
        ArgumentNullException.ThrowIfNull(validationLoss);
        (Weights, HyperTensors, TrainingLoss, ValidationLoss) = ([.. weights], [.. hyperparameters], trainingLoss, validationLoss);
        Demand(Weights, nameof(weights), "weight", "freeze layers by leaving their parameters out");
        Demand(HyperTensors, nameof(hyperparameters), "hyperparameter", "make it by torch.tensor(.9, requires_grad: true) or by HyperTensors");
    }

    /// <summary>What training changes.</summary>
    public ImmutableArray<torch.Tensor> Weights { get; }

    /// <summary>What the validation loss is differentiated by.</summary>
    public ImmutableArray<torch.Tensor> HyperTensors { get; }

    /// <summary>The seed of libtorch's random state at each step, so that dropout and augmentation repeat when a step is taken again. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Whether its training loss has been differentiated before, so that its graph is known to be sound.</summary>
    internal bool IsProven { get; set; }

    private Func<int, torch.Tensor> TrainingLoss { get; }

    private Func<torch.Tensor> ValidationLoss { get; }

    internal torch.Tensor Train(int step)
    {
        RandomState.Set(unchecked(Seed * 1_000_003 + step));
        return Scalar(TrainingLoss(step), $"The training loss of step {step}");
    }

    internal torch.Tensor Validate() => Scalar(ValidationLoss(), "The validation loss");

    private static torch.Tensor Scalar(torch.Tensor loss, string what)
        => loss.numel() == 1 ? loss.reshape([]) : throw new InvalidOperationException($"{what} has shape [{string.Join(", ", loss.shape)}]; it must be a scalar: take its mean().");

    private static void Demand(ImmutableArray<torch.Tensor> tensors, string argument, string what, string remedy)
    {
        if (tensors.IsEmpty) throw new ArgumentException($"There is no {what}; give at least one.", argument);
        for (var i = 0; i < tensors.Length; i++)
        {
            var problem = tensors[i] is not { } tensor ? "is null"
                : !tensor.is_floating_point() ? $"is of type {tensor.dtype}, not of floating point"
                : !tensor.requires_grad ? "does not require a gradient"
                : !tensor.is_leaf ? "is no leaf, but calculated from others"
                : null;
            if (problem is not null) throw new ArgumentException($"The {what} at {i} {problem}; {remedy}.", argument);
        }
    }
}
