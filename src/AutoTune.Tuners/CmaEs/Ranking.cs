namespace AutoTune.Tuners.CmaEs;

/// <summary>The order of a generation: all that the search sees of losses, so that any increasing function of them gives the same search.</summary>
internal static class Ranking
{
    /// <summary>The trials by their standing, the best first; equals in the order of telling.</summary>
    public static int[] Order(IReadOnlyList<ToldTrial> trials)
    {
        var order = new int[trials.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) => trials[a].Standing.CompareTo(trials[b].Standing) is not 0 and var difference ? difference : a.CompareTo(b));
        return order;
    }

    /// <summary>The weight of each trial; equal losses share theirs, so that a plateau does not make the search drift.</summary>
    /// <param name="trials">The generation.</param>
    /// <param name="byRank">The weights by rank, best first; as many as there are trials.</param>
    public static double[] Weights(IReadOnlyList<ToldTrial> trials, ReadOnlySpan<double> byRank)
    {
        var order = Order(trials);
        var weights = new double[order.Length];
        for (var from = 0; from < order.Length;)
        {
            var to = from + 1;
            var sum = byRank[from];
            for (; to < order.Length && trials[order[from]].Standing.CompareTo(trials[order[to]].Standing) == 0; to++) sum += byRank[to];
            for (var i = from; i < to; i++) weights[order[i]] = sum / (to - from);
            from = to;
        }

        return weights;
    }
}
