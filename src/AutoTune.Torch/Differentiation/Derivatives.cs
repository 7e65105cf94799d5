using System.Collections.Immutable;
using TorchSharp;

namespace AutoTune.Torch.Differentiation;

/// <summary>First and second derivatives by autograd, behind checks: an error within <c>autograd.grad</c> ends the process.</summary>
internal static class Derivatives
{
    /// <summary>The derivatives of a scalar by tensors, zeros for those that it does not depend on.</summary>
    /// <param name="scalar">The scalar.</param>
    /// <param name="by">The tensors.</param>
    /// <param name="differentiable">Whether the derivatives are to be differentiated in turn.</param>
    /// <param name="again">Whether the scalar is to be differentiated again.</param>
    public static torch.Tensor[] Of(torch.Tensor scalar, IReadOnlyCollection<torch.Tensor> by, bool differentiable = false, bool again = false)
    {
        if (by.Count == 0) return [];
        if (scalar.numel() != 1) throw new InvalidOperationException($"Only a scalar has a gradient; this has shape [{string.Join(", ", scalar.shape)}].");
        if (!scalar.requires_grad) return [.. by.Select(tensor => torch.zeros_like(tensor))];
        // So that it depends on each: for one that it does not depend on TorchSharp gives a tensor without a handle, which no dispose scope frees.
        foreach (var tensor in by) scalar = scalar + (tensor * 0).sum();
        // create_graph needs retain_graph said, too, or the process ends.
        return [.. torch.autograd.grad([scalar], [.. by], null, differentiable || again, differentiable)];
    }

    /// <summary>The sum of the products of two lists of tensors, in the first one's precision.</summary>
    public static torch.Tensor Dot(IEnumerable<torch.Tensor> left, IEnumerable<torch.Tensor> right)
        => left.Zip(right, (a, b) => (a * b).sum()).Aggregate((sum, next) => sum + next);

    /// <summary>The cosine between two lists of tensors; NaN where one is zero.</summary>
    public static double Cosine(IReadOnlyList<torch.Tensor> left, IReadOnlyList<torch.Tensor> right)
    {
        using var scope = torch.NewDisposeScope();
        return (Dot(left, right) / (Dot(left, left).sqrt() * Dot(right, right).sqrt())).to(torch.ScalarType.Float64).item<double>();
    }

    /// <summary>The derivative of a gradient along a direction: its Hessian's product with it.</summary>
    public static torch.Tensor[] Along(IReadOnlyList<torch.Tensor> gradient, IReadOnlyList<torch.Tensor> direction, IReadOnlyCollection<torch.Tensor> by)
    {
        using var scope = torch.NewDisposeScope();
        var product = Of(Dot(gradient, direction), by, again: true);
        return [.. product.Select(tensor => tensor.detach().MoveToOuterDisposeScope())];
    }

    /// <summary>Copies that no graph reaches.</summary>
    public static torch.Tensor[] Copies(IEnumerable<torch.Tensor> tensors) => [.. tensors.Select(tensor => tensor.detach().clone())];

    /// <summary>Gives leaves other values.</summary>
    public static void Set(ImmutableArray<torch.Tensor> leaves, IReadOnlyList<torch.Tensor> values)
    {
        using var none = torch.no_grad();
        for (var i = 0; i < leaves.Length; i++) leaves[i].copy_(values[i]);
    }
}
