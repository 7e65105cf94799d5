using AutoTune.Spaces;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>Finds the configuration with the largest acquisition: looks at many points, then climbs from the best few.</summary>
internal static class AcquisitionSearch
{
    private const int MaxIncumbents = 5;

    /// <summary>The most promising configuration that is not in <paramref name="taken"/>; null if none was found.</summary>
    /// <param name="space">The space.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="acquisition">What is to be largest.</param>
    /// <param name="best">The most promising trials, best first.</param>
    /// <param name="box">Where to look; null: everywhere.</param>
    /// <param name="taken">Configurations that are known or on their way.</param>
    /// <param name="options">How long to search.</param>
    /// <param name="random">The randomness.</param>
    /// <param name="held">A choice that is made; null: all are open.</param>
    public static Configuration? Find(SearchSpace space, SpaceLayout layout, Acquisition acquisition, IReadOnlyList<Observation> best,
        TrustBox? box, HashSet<Configuration> taken, GaussianProcessOptions options, RandomSource random, HeldChoice? held = null)
    {
        var isSmall = held is null && space.Cardinality() <= CandidatePool.Enumerable;
        var pool = isSmall ? CandidatePool.Complete(layout) : CandidatePool.Mixed(layout, random, options.Candidates, best, box, held);
        var values = Evaluate(layout, acquisition, pool);
        var order = new int[pool.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) => values[a] != values[b] ? values[b].CompareTo(values[a]) : a.CompareTo(b));
        if (isSmall) return FirstFree(space, layout, pool, order, taken);

        Configuration? found = null;
        var foundValue = double.NegativeInfinity;
        var climber = new Climber(layout, acquisition, box, held);
        foreach (var (unit, active) in Starts(layout, pool, values, order, best, options.Climbs, random, held))
        {
            var value = climber.Climb(unit, active);
            if (!(value > foundValue)) continue;
            var configuration = layout.Decode(unit);
            if (taken.Contains(configuration) || !space.MeetsConstraints(configuration)) continue;
            found = configuration;
            foundValue = value;
        }

        return found ?? FirstFree(space, layout, pool, order, taken);
    }

    private static double[] Evaluate(SpaceLayout layout, Acquisition acquisition, CandidatePool pool)
    {
        var d = layout.Count;
        var units = new double[pool.Count * d];
        var actives = new bool[pool.Count * d];
        for (var i = 0; i < pool.Count; i++)
        {
            pool.Unit(i).CopyTo(units, i * d);
            pool.Active(i).CopyTo(actives, i * d);
        }

        var values = new double[pool.Count];
        acquisition.Evaluate(units, actives, values);
        return values;
    }

    // The best candidate, the best trial, and others with a probability that grows with their expected improvement.
    private static IEnumerable<(double[] Unit, bool[] Active)> Starts(SpaceLayout layout, CandidatePool pool, double[] values, int[] order,
        IReadOnlyList<Observation> best, int count, RandomSource random, HeldChoice? held)
    {
        yield return (pool.Unit(order[0]), pool.Active(order[0]));
        if (best.Count > 0 && count > 1)
        {
            double[] unit = [.. best[0].Unit];
            var active = new bool[unit.Length];
            held?.Set(unit);
            layout.Settle(unit, active);
            yield return (unit, active);
        }

        var weights = new double[values.Length];
        var highest = values[order[0]];
        if (!double.IsFinite(highest)) yield break;
        for (var i = 0; i < weights.Length; i++) weights[i] = i == order[0] ? 0 : PortableMath.Exp(values[i] - highest);
        for (var start = 2; start < count; start++)
        {
            var total = 0.0;
            foreach (var weight in weights) total += weight;
            if (!(total > 0)) yield break;
            var rest = random.NextDouble() * total;
            var pick = 0;
            while (pick < weights.Length - 1 && (rest -= weights[pick]) >= 0) pick++;
            weights[pick] = 0;
            yield return (pool.Unit(pick), pool.Active(pick));
        }
    }

    private static Configuration? FirstFree(SearchSpace space, SpaceLayout layout, CandidatePool pool, int[] order, HashSet<Configuration> taken)
    {
        foreach (var index in order)
        {
            var configuration = layout.Decode(pool.Unit(index));
            if (!taken.Contains(configuration) && space.MeetsConstraints(configuration)) return configuration;
        }

        return null;
    }
}
