using AutoTune.Spaces;
using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Trees;

/// <summary>Finds the configuration of the largest value: looks at many points, then walks from the best to better neighbours.</summary>
/// <remarks>
/// A neighbour differs in one hyperparameter: another value of a choice, a step along a number (Hutter and others 2011, section 4.3). What
/// trees say is flat in pieces: a walk goes on to equal neighbours, a few times, as there may be something better behind.
/// </remarks>
internal sealed class TreeSearch(SearchSpace space, SpaceLayout layout, TreeColumns columns)
{
    private const int WalksFromCandidates = 5;
    private const int MaxSteps = 200;
    private const int MaxFlatSteps = 10;
    private const int StepsPerNumber = 4;
    private const int MaxLabels = 16; // other values of a choice that are looked at
    private readonly double[] _row = new double[columns.Count];

    /// <summary>How promising a row is.</summary>
    public delegate double Value(ReadOnlySpan<double> row);

    /// <summary>The most promising configuration that is free; null if none was found.</summary>
    /// <param name="value">What is to be largest; equal rows must have equal values.</param>
    /// <param name="best">The best trials, best first; each is the start of a walk.</param>
    /// <param name="isFree">Whether a configuration may be proposed.</param>
    /// <param name="candidates">How many points to look at first.</param>
    /// <param name="random">The randomness.</param>
    public Configuration? Find(Value value, IReadOnlyList<Observation> best, Predicate<Configuration> isFree, int candidates, RandomSource random)
    {
        var isSmall = space.Cardinality() <= CandidatePool.Enumerable;
        var pool = isSmall ? CandidatePool.Complete(layout) : CandidatePool.Mixed(layout, random, candidates, best);
        var values = new double[pool.Count];
        for (var i = 0; i < values.Length; i++) values[i] = ValueOf(value, pool.Unit(i), pool.Active(i));
        var order = Order(values, random);

        Configuration? found = null;
        var foundValue = double.NegativeInfinity;
        if (!isSmall)
        {
            var starts = order.Take(WalksFromCandidates).Select(pool.Unit).Concat(best.Select(trial => trial.Unit));
            foreach (var start in starts)
            {
                var unit = (double[])start.Clone();
                var reached = Walk(value, unit, random);
                if (!(reached > foundValue) || layout.Decode(unit) is var end && !isFree(end)) continue;
                found = end;
                foundValue = reached;
            }
        }

        foreach (var index in order)
        {
            if (found is not null && !(values[index] > foundValue)) break;
            var configuration = layout.Decode(pool.Unit(index));
            if (isFree(configuration)) return configuration;
        }

        return found;
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

    private double ValueOf(Value value, ReadOnlySpan<double> unit, ReadOnlySpan<bool> active)
    {
        columns.Write(unit, active, _row);
        return value(_row);
    }

    // Takes every step up as it is found, until a round through all hyperparameters finds none. Gives the value reached.
    private double Walk(Value value, double[] unit, RandomSource random)
    {
        var active = new bool[unit.Length];
        layout.Settle(unit, active);
        var here = ValueOf(value, unit, active);
        var turns = new int[unit.Length];
        for (var j = 0; j < turns.Length; j++) turns[j] = j;
        var next = new double[unit.Length];
        int flat = 0, steps = 0;
        for (var hasRisen = true; hasRisen && steps < MaxSteps;)
        {
            hasRisen = false;
            random.Shuffle<int>(turns);
            foreach (var j in turns)
            {
                layout.Settle(unit, active);
                if (!active[j]) continue;
                for (var k = 0; k < Neighbours(j); k++)
                {
                    unit.CopyTo(next, 0);
                    next[j] = Neighbour(j, unit[j], k, random);
                    layout.Settle(next, active);
                    if (next[j] == unit[j]) continue;
                    var there = ValueOf(value, next, active);
                    if (there < here || (there == here && ++flat > MaxFlatSteps)) continue;
                    if (there > here) hasRisen = true;
                    here = there;
                    next.CopyTo(unit, 0);
                    steps++;
                }
            }
        }

        return here;
    }

    private int Neighbours(int dimension) => layout[dimension].Encoded switch
    {
        { Levels: 1 } => 0,
        { IsOrdered: true } => StepsPerNumber,
        var choice => (int)Math.Min(choice.Levels!.Value, MaxLabels),
    };

    private double Neighbour(int dimension, double from, int number, RandomSource random)
    {
        var encoded = layout[dimension].Encoded;
        if (!encoded.IsOrdered) return encoded.Levels <= MaxLabels ? encoded.UnitOfLevel(number) : random.NextDouble();
        // From a hundred-and-fiftieth to a fifth of the range, all orders alike; a value further where there are few.
        var step = PortableMath.Exp(-5 + 3.5 * random.NextDouble());
        if (encoded.Levels is { } levels) step = Math.Max(step, 0.7 / levels);
        return from + step * random.NextGaussian();
    }
}
