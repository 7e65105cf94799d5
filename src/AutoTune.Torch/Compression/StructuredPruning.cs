using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Torch.Compression;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune;

/// <summary>Takes whole units out of a network: columns of linear layers, channels of convolutions. What is left is a plain network that is smaller and faster.</summary>
/// <remarks>
/// <para>
/// For chains of linear layers and convolutions, each feeding the next, with norms, activations, dropout, pooling and flattening between them. Of each layer but
/// the last the units of largest weights stay: |incoming| times |outgoing|, the norms of what comes in and goes out (Li et al. 2017, "Pruning filters for
/// efficient ConvNets", with the outgoing side of Park et al. 2020, "Lookahead"); where a batch norm follows, the incoming norm is its scale (Liu et al. 2017,
/// "Network slimming"). Train it some more afterwards.
/// </para>
/// <para>The number of units is as good a hyperparameter as others: a trial whose network has the shape that its configuration says goes on from checkpoints as any other.</para>
/// </remarks>
public static class StructuredPruning
{
    /// <summary>A smaller copy of a network, with a share of the units of each layer but the last.</summary>
    /// <param name="net">The network; it stays as it is.</param>
    /// <param name="keep">The share of units that stay, above 0, at most 1; at least one stays.</param>
    /// <returns>The smaller network on the same device, in the same mode; dispose it, or let the trial keep it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of its range.</exception>
    /// <exception cref="ArgumentException">A layer is of a kind that it cannot copy, or the layers are no chain.</exception>
    public static Sequential Shrink(Sequential net, double keep)
    {
        ArgumentNullException.ThrowIfNull(net);
        if (keep is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(keep), keep, "The share of units that stay must be above 0 and at most 1.");
        var chain = UnitChain.Of(net);
        var widths = chain.ToDictionary(layer => layer.Name, layer => layer == chain[^1] ? layer.Units : (int)Math.Max(1, Math.Round(keep * layer.Units)));
        var smaller = new ChainCopy(chain, widths).Of(net, "");
        var weight = chain[0].Weight;
        smaller.to(weight.dtype).to(weight.device);
        smaller.train(net.training);
        Into(net, smaller);
        return smaller;
    }

    /// <summary>Copies the units that matter most into a network of the same layers with fewer units, which the caller has made; its shape says how many stay.</summary>
    /// <param name="from">The network; it stays as it is.</param>
    /// <param name="to">The smaller network: layers of the same names and kinds.</param>
    /// <returns>What stayed of each layer.</returns>
    /// <exception cref="ArgumentException">The layers are no chain, or those of one do not fit the other.</exception>
    public static ImmutableArray<KeptUnits> Into(nn.Module from, nn.Module to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var (old, small) = (UnitChain.Of(from), UnitChain.Of(to));
        Check(old, small);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var inputs = arange(old[0].Inputs, ScalarType.Int64, old[0].Weight.device);
        var report = ImmutableArray.CreateBuilder<KeptUnits>();
        for (var i = 0; i < old.Count; i++)
        {
            var units = i == old.Count - 1 ? arange(old[i].Units, ScalarType.Int64, inputs.device) : MostImportant(old[i], old[i + 1], small[i].Units);
            small[i].Weight.copy_(old[i].Weight.index_select(0, units).index_select(1, inputs));
            foreach (var (mine, theirs) in small[i].PerUnit.Zip(old[i].PerUnit)) mine.copy_(theirs.dim() == 0 ? theirs : theirs.index_select(0, units));
            if (i < old.Count - 1) inputs = old[i].InputsOfNext(old[i + 1], units);
            report.Add(new KeptUnits(old[i].Name, small[i].Units, old[i].Units));
        }

        return report.ToImmutable();
    }

    private static Tensor MostImportant(UnitLayer layer, UnitLayer next, int count)
    {
        var importance = layer.IncomingNorm() * layer.OutgoingNorm(next);
        return sort(sort(importance, descending: true, stable: true).Item2.narrow(0, 0, count)).Item1;
    }

    private static void Check(IReadOnlyList<UnitLayer> old, IReadOnlyList<UnitLayer> small)
    {
        string Text(IEnumerable<UnitLayer> chain) => string.Join(", ", chain.Select(layer => string.Create(CultureInfo.InvariantCulture, $"{layer.Name} [{string.Join(", ", layer.Weight.shape)}]")));
        if (!old.Select(layer => layer.Name).SequenceEqual(small.Select(layer => layer.Name)))
            throw new ArgumentException($"The smaller network has the layers {Text(small)}, the larger {Text(old)}; both need the same layers, by name and order.");
        for (var i = 0; i < old.Count; i++)
        {
            var (a, b) = (old[i], small[i]);
            var isLast = i == old.Count - 1;
            var fits = b.Units <= a.Units && (!isLast || b.Units == a.Units) && a.Weight.shape.Skip(2).SequenceEqual(b.Weight.shape.Skip(2)) && (i > 0 || a.Inputs == b.Inputs) && a.PerUnit.Count == b.PerUnit.Count
                && (isLast || b.PerUnitOfNext(small[i + 1]) == a.PerUnitOfNext(old[i + 1]));
            if (!fits) throw new ArgumentException($"Layer '{a.Name}' is [{string.Join(", ", a.Weight.shape)}] in the larger network and [{string.Join(", ", b.Weight.shape)}] in the smaller; it may have fewer units there, {(isLast ? "but is the last, which keeps all of its outputs" : "but the same kernel, the same inputs of the first layer, and the same norms")}.");
        }
    }
}
