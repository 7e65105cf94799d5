using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Trees;

/// <summary>Finds the configuration of the largest value: looks at many points, then walks from the best to better neighbours.</summary>
/// <remarks>
/// What trees say is flat in pieces, and every point of the best piece is as good to them as any other. Of these the one is taken that is
/// furthest from what was tried: there the model knows least, and at the end of a range it is the end that is tried, which no tree points to.
/// </remarks>
internal sealed class TreeSearch(SearchSpace space, SpaceLayout layout, TreeColumns columns)
{
    private const int WalksFromCandidates = 5;
    private readonly double[] _row = new double[columns.Count];

    /// <summary>How promising a row is.</summary>
    public delegate double Value(ReadOnlySpan<double> row);

    /// <summary>The most promising configuration that is free; null if none was found.</summary>
    /// <param name="value">What is to be largest; equal rows must have equal values.</param>
    /// <param name="best">The best trials, best first; each is the start of a walk.</param>
    /// <param name="known">All trials told.</param>
    /// <param name="isFree">Whether a configuration may be proposed.</param>
    /// <param name="candidates">How many points to look at first.</param>
    /// <param name="random">The randomness.</param>
    public Configuration? Find(Value value, IReadOnlyList<Observation> best, IReadOnlyList<Observation> known, Predicate<Configuration> isFree,
        int candidates, RandomSource random)
    {
        var isSmall = space.Cardinality() <= CandidatePool.Enumerable;
        var pool = isSmall ? CandidatePool.Complete(layout) : CandidatePool.Mixed(layout, random, candidates, best);
        var values = new double[pool.Count];
        for (var i = 0; i < values.Length; i++) values[i] = ValueAt(pool.Unit(i), pool.Active(i));
        var order = Order(values, random);
        double[]? found = null;
        var foundValue = double.NegativeInfinity;
        var walk = new TreeWalk(layout, ValueAt, random);
        if (!isSmall)
        {
            foreach (var start in order.Take(WalksFromCandidates).Select(pool.Unit).Concat(best.Select(trial => trial.Unit)))
            {
                var unit = (double[])start.Clone();
                var reached = walk.Climb(unit);
                if (!(reached > foundValue) || !isFree(layout.Decode(unit))) continue;
                found = unit;
                foundValue = reached;
            }
        }

        foreach (var index in order)
        {
            if (found is not null && !(values[index] > foundValue)) break;
            var configuration = layout.Decode(pool.Unit(index));
            if (isFree(configuration)) return configuration;
        }

        if (found is null) return null;
        var nearby = layout.Decode(found);
        walk.Spread(found, foundValue, known);
        var far = layout.Decode(found);
        return isFree(far) ? far : nearby;

        double ValueAt(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active)
        {
            columns.Write(unit, active, _row);
            return value(_row);
        }
    }

    // From the largest value down, equal ones at random.
    private static int[] Order(double[] values, RandomSource random)
    {
        var place = new int[values.Length];
        for (var i = 0; i < place.Length; i++) place[i] = i;
        random.Shuffle<int>(place);
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) => values[a] != values[b] ? values[b].CompareTo(values[a]) : place[a].CompareTo(place[b]));
        return order;
    }
}
