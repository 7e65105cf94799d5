using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune;

/// <summary>Sets the smallest weights of a network to 0, more and more of them while it trains.</summary>
/// <remarks>
/// <para>
/// Source: Zhu and Gupta 2017, "To prune, or not to prune" (arXiv 1710.01878), equation 1: at step t between t0 and t1 the sparsity is
/// s = f (1 - (1 - (t - t0) / (t1 - t0))³). The smallest are found over all layers together (Han et al. 2015 and later works call it global). Weights of at least two
/// dimensions are pruned, biases and norms are not.
/// </para>
/// <para>
/// A pruned weight stays 0. Zeros make a network smaller where it is stored packed, not faster: for that see <see cref="StructuredPruning"/>. Say
/// <c>pruning.Apply(step)</c> after each step of the optimizer. Not thread-safe. Its masks belong to the dispose scope in which it is made.
/// </para>
/// </remarks>
public sealed class MagnitudePruning
{
    private readonly List<(Parameter Weight, Tensor Mask)> _layers;
    private readonly long _count;

    /// <summary>A pruning that has not begun.</summary>
    /// <param name="net">The network, on its device.</param>
    /// <param name="finalSparsity">f, the share of the weights that are 0 in the end; at least 0, below 1.</param>
    /// <param name="firstStep">t0, counted from 0, at least 0.</param>
    /// <param name="lastStep">t1, after <paramref name="firstStep"/>.</param>
    /// <param name="interval">Every how many steps weights are chosen anew, at least 1; null: a fiftieth of the way.</param>
    /// <exception cref="ArgumentException">The network has no weights of at least two dimensions, or a number is out of its range.</exception>
    public MagnitudePruning(nn.Module net, double finalSparsity, int firstStep, int lastStep, int? interval = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        if (finalSparsity is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(finalSparsity), finalSparsity, "The final sparsity must be at least 0 and below 1.");
        if (firstStep < 0 || lastStep <= firstStep) throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Pruning goes from step {firstStep} to step {lastStep}; the first must be at least 0, the last after it."), nameof(lastStep));
        if (interval < 1) throw new ArgumentOutOfRangeException(nameof(interval), interval, "The interval between prunings must be at least 1 step.");
        (FinalSparsity, FirstStep, LastStep, Interval) = (finalSparsity, firstStep, lastStep, interval ?? Math.Max(1, (lastStep - firstStep) / 50));
        _layers = [.. net.parameters().Where(parameter => parameter.shape.Length >= 2).Select(weight => (weight, ones_like(weight, dtype: ScalarType.Bool, requires_grad: false)))];
        if (_layers.Count == 0) throw new ArgumentException($"The network {net.GetType().Name} has no weights to prune: none of its parameters has two dimensions.", nameof(net));
        _count = _layers.Sum(layer => layer.Weight.numel());
    }

    /// <summary>The share of the weights that are 0 in the end.</summary>
    public double FinalSparsity { get; }

    /// <summary>The step at which it begins.</summary>
    public int FirstStep { get; }

    /// <summary>The step at which the final sparsity is reached.</summary>
    public int LastStep { get; }

    /// <summary>Every how many steps weights are chosen anew.</summary>
    public int Interval { get; }

    /// <summary>The share of the weights that are to be 0 at a step: a pure function of it.</summary>
    /// <param name="step">The step, counted from 0.</param>
    public double SparsityAt(int step)
    {
        var left = 1 - Math.Clamp((step - FirstStep) / (double)(LastStep - FirstStep), 0, 1);
        return FinalSparsity * (1 - left * left * left);
    }

    /// <summary>Keeps pruned weights at 0, and at the steps where it is due prunes more of them; to be said after the optimizer's step.</summary>
    /// <param name="step">The step that was taken, counted from 0 over the whole training.</param>
    public void Apply(int step)
    {
        if (step < FirstStep) return;
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (weight, mask) in _layers) weight.mul_(mask);
        if (step > LastStep || (step < LastStep && (step - FirstStep) % Interval != 0)) return;
        var pruned = (long)Math.Round(SparsityAt(step) * _count);
        var magnitudes = cat([.. _layers.Select(layer => layer.Weight.abs().flatten())]);
        var all = ones(_count, ScalarType.Bool, magnitudes.device);
        // Sorted, not compared with a threshold: exactly so many, whatever is equal; stable, so that it repeats.
        all[sort(magnitudes, stable: true).Item2[TensorIndex.Slice(0, pruned)]] = false;
        long start = 0;
        foreach (var (weight, mask) in _layers)
        {
            mask.copy_(all.narrow(0, start, weight.numel()).view(weight.shape));
            weight.mul_(mask);
            start += weight.numel();
        }
    }

    /// <summary>Writes which weights are pruned: <c>trial.Keep("pruning", pruning.Save, pruning.Load)</c>.</summary>
    /// <param name="writer">Where to.</param>
    public void Save(BinaryWriter writer)
    {
        foreach (var (_, mask) in _layers) mask.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    public void Load(BinaryReader reader)
    {
        foreach (var (_, mask) in _layers) mask.Load(reader);
    }
}
