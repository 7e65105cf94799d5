using AutoTune.Tuners.Architecture;

namespace AutoTune.Quality.Architectures;

/// <summary>How much two cells have in common: the labels of Weisfeiler and Lehman, which tell a node's surroundings ever further out, counted (Shervashidze and others 2011).</summary>
internal sealed class LabelKernel
{
    private readonly Dictionary<CellForm, SortedDictionary<ulong, int>[]> _counts = [];

    /// <summary>The kernel, 1 between equal cells.</summary>
    /// <param name="one">A cell.</param>
    /// <param name="other">Another.</param>
    /// <param name="rounds">How far out labels tell; 0: the operations alone.</param>
    public double Of(CellForm one, CellForm other, int rounds)
        => Product(one, other, rounds) / Math.Sqrt(Product(one, one, rounds) * Product(other, other, rounds));

    private double Product(CellForm one, CellForm other, int rounds)
    {
        var (a, b) = (CountsOf(one), CountsOf(other));
        var sum = 0.0;
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (label, count) in a[round]) sum += (double)count * b[round].GetValueOrDefault(label);
        }

        return sum;
    }

    private SortedDictionary<ulong, int>[] CountsOf(CellForm form)
    {
        if (_counts.TryGetValue(form, out var known)) return known;
        var counts = new SortedDictionary<ulong, int>[4];
        ulong[] labels = [.. form.Kinds.Select(kind => CellForm.Mix((ulong)kind))];
        for (var round = 0; round < counts.Length; round++)
        {
            counts[round] = [];
            foreach (var label in labels) counts[round][label] = counts[round].GetValueOrDefault(label) + 1;
            ulong[] next = [.. labels.Select(CellForm.Mix)];
            foreach (var (from, to, times) in form.Arcs)
            {
                next[to] += CellForm.Mix(labels[from] ^ CellForm.Mix(2 * (ulong)times));
                next[from] += CellForm.Mix(labels[to] ^ CellForm.Mix(2 * (ulong)times + 1));
            }

            labels = [.. next.Select(CellForm.Mix)];
        }

        return _counts[form] = counts;
    }
}
