using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AutoTune.Torch.Training;
using TorchSharp;

namespace AutoTune.Torch.Differentiation;

/// <summary>First and second derivatives by autograd.</summary>
/// <remarks>
/// An error within <c>autograd.grad</c> of TorchSharp 0.107 ends the process, one within <c>autograd.backward</c> is an exception. So everything goes by the latter, with one exception: derivatives that are
/// to be differentiated, for which it warns on the console of every program. Where the caller has not gone back through that graph before, they are calculated once by the latter first, to hear what is wrong with it.
/// </remarks>
internal static class Derivatives
{
    /// <summary>The derivatives of a scalar by leaves, zeros for those that it does not depend on. Gradients that the leaves have stay as they are.</summary>
    /// <param name="scalar">The scalar.</param>
    /// <param name="by">The leaves; they require gradients.</param>
    /// <param name="again">Whether the scalar is to be differentiated again.</param>
    /// <exception cref="InvalidOperationException">It is no scalar, or has no such derivative.</exception>
    public static torch.Tensor[] Of(torch.Tensor scalar, IReadOnlyList<torch.Tensor> by, bool again = false)
    {
        if (by.Count == 0) return [];
        Demand(scalar);
        if (!scalar.requires_grad) return [.. by.Select(tensor => torch.zeros_like(tensor.detach()))];
        var own = by.Select(leaf => leaf.grad).ToArray();
        try
        {
            foreach (var leaf in by) leaf.grad = null;
            torch.autograd.backward([scalar], null, again, false, [.. by]);
            return [.. by.Select(leaf => leaf.grad ?? torch.zeros_like(leaf.detach()))];
        }
        catch (ExternalException e)
        {
            throw new InvalidOperationException($"The derivatives cannot be calculated: {NativeError.Words(e)}", e);
        }
        finally
        {
            for (var i = 0; i < own.Length; i++) by[i].grad = own[i];
        }
    }

    /// <summary>The derivatives of a scalar by leaves, to be differentiated in turn.</summary>
    /// <param name="scalar">The scalar.</param>
    /// <param name="by">The leaves; they require gradients.</param>
    /// <param name="isProven">Whether derivatives of such a scalar have been calculated before.</param>
    /// <exception cref="InvalidOperationException">It is no scalar, or has no such derivative.</exception>
    public static torch.Tensor[] DifferentiableOf(torch.Tensor scalar, IReadOnlyList<torch.Tensor> by, bool isProven)
    {
        Demand(scalar);
        if (!scalar.requires_grad) return [.. by.Select(tensor => torch.zeros_like(tensor.detach()))];
        if (!isProven)
        {
            using var scope = torch.NewDisposeScope();
            Of(scalar, by, again: true);
        }

        // So that it depends on each: for one that it does not depend on TorchSharp gives a tensor without a handle, which no dispose scope frees.
        foreach (var tensor in by) scalar = scalar + (tensor * 0).sum();
        // create_graph needs retain_graph said, too, or the process ends.
        return [.. torch.autograd.grad([scalar], [.. by], null, true, true)];
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
    public static torch.Tensor[] Along(IReadOnlyList<torch.Tensor> gradient, IReadOnlyList<torch.Tensor> direction, IReadOnlyList<torch.Tensor> by)
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

    private static void Demand(torch.Tensor scalar)
    {
        if (scalar.numel() != 1) throw new InvalidOperationException($"Only a scalar has a gradient; this has shape [{string.Join(", ", scalar.shape)}].");
    }
}
