using System.Collections.Immutable;
using TorchSharp;

namespace AutoTune;

/// <summary>The derivatives of a validation loss by hyperparameters.</summary>
/// <param name="Loss">The validation loss.</param>
/// <param name="Derivatives">
/// The derivative by each hyperparameter of the <see cref="BilevelProblem"/>, in their order and shapes, by the values as those tensors hold them. They belong to the dispose scope that was open.
/// </param>
/// <remarks>Immutable.</remarks>
public sealed record Hypergradient(double Loss, ImmutableArray<torch.Tensor> Derivatives)
{
    /// <summary>
    /// Of implicit ones, how far the linear system was from solved: the residual's norm over the right side's. Null for others. Above about a tenth: allow
    /// more terms, or train closer to convergence.
    /// </summary>
    public double? Residual { get; init; }

    /// <summary>All derivatives as numbers, one tensor after the other.</summary>
    public double[] ToArray()
    {
        using var scope = torch.NewDisposeScope();
        return [.. Derivatives.SelectMany(tensor => tensor.to(torch.CPU).to(torch.ScalarType.Float64).reshape(-1).data<double>().ToArray())];
    }
}
