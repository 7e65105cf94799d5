using System.Collections.Immutable;
using System.Diagnostics;
using AutoTune.Torch;
using AutoTune.Torch.Finding;
using AutoTune.Torch.Training;
using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune;

/// <summary>Looks for the largest batch whose training step fits into memory: doubles the size until one does not, then halves the gap.</summary>
/// <remarks>A call of its own, before a study. What does not fit is told by libtorch's errors (see <see cref="TorchMemoryException"/>), or by limits.</remarks>
public static class BatchSizeFinder
{
    /// <summary>Finds the largest batch. Network, gradients, optimizer and libtorch's random state are afterwards as they were.</summary>
    /// <param name="net">The network, on its device.</param>
    /// <param name="optimizer">The optimizer, which takes a step of each size, since its state takes memory, too; null: gradients alone are computed.</param>
    /// <param name="loss">Computes the training loss, a scalar, of a batch of this size.</param>
    /// <param name="options">Sizes and limits; null: the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the loss is no scalar that depends on what is trained.</exception>
    /// <exception cref="InvalidOperationException">Not even the smallest size fits.</exception>
    public static BatchSizeSearch Find(torch.nn.Module net, OptimizerHelper? optimizer, Func<int, torch.Tensor> loss, BatchSizeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(loss);
        options ??= new BatchSizeOptions();
        options.Check();
        using var snapshot = new TrainingSnapshot(net, optimizer);
        try
        {
            net.train();
            return Search(size => Step(optimizer, loss, size), options);
        }
        finally
        {
            snapshot.Restore();
        }
    }

    private static void Step(OptimizerHelper? optimizer, Func<int, torch.Tensor> loss, int size)
    {
        using var scope = torch.NewDisposeScope();
        var value = loss(size);
        ScalarLoss.Demand(value);
        value.backward();
        optimizer?.step();
        optimizer?.zero_grad();
    }

    private static BatchSizeSearch Search(Action<int> step, BatchSizeOptions options)
    {
        var tries = ImmutableArray.CreateBuilder<(int Size, bool Fits)>();
        var memory = options.Memory ?? PeakOfProcess;
        var (before, why, error) = (options.MemoryLimit is null ? 0 : memory(), "", (Exception?)null);
        bool Fits(int size)
        {
            try
            {
                step(size);
                var taken = options.MemoryLimit is null ? 0 : memory() - before;
                if (taken > options.MemoryLimit) why = $"a batch of {size} takes {taken:N0} bytes, above the limit of {options.MemoryLimit:N0}";
                tries.Add((size, !(taken > options.MemoryLimit)));
            }
            catch (Exception e) when (TorchMemoryException.IsMeantBy(e))
            {
                (why, error) = ($"a batch of {size} ran out of memory", e);
                tries.Add((size, false));
            }

            return tries[^1].Fits;
        }

        var (good, bad) = (0, 0);
        for (var size = options.Smallest; ; size = (int)Math.Min(2L * size, options.Largest))
        {
            if (Fits(size)) good = size;
            else bad = size;
            if (bad > 0 || good == options.Largest) break;
        }

        if (good == 0) throw new InvalidOperationException(FormattableString.Invariant($"Not even the smallest batch fits: {why}. Use a smaller network, or another device."), error);
        // A peak of memory does not fall again, and would say of every further size that it is too large.
        while (options.MemoryLimit is null && bad - good > 1 && bad - good > good / 16)
        {
            var middle = good + (bad - good) / 2;
            if (Fits(middle)) good = middle;
            else bad = middle;
        }

        return new BatchSizeSearch(good, tries.ToImmutable(), FormattableString.Invariant($"{good}: {(bad == 0 ? "it fits, and is the largest that was to be tried" : why)}"));
    }

    private static long PeakOfProcess()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
