using AutoTune.Spaces;
using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Trees;

/// <summary>Walks from a point to better neighbours.</summary>
/// <remarks>
/// A neighbour differs in one hyperparameter: another value of a choice, a step along a number (Hutter and others 2011, section 4.3). A
/// climb goes on to equal neighbours too, a few times, as there may be something better behind. Not thread-safe.
/// </remarks>
internal sealed class TreeWalk(SpaceLayout layout, TreeWalk.Value valueAt, RandomSource random)
{
    private const int MaxSteps = 200;
    private const int MaxFlatSteps = 10;
    private const int SpreadSteps = 40;
    private const int StepsPerNumber = 4;
    private const int MaxLabels = 16; // other values of a choice that are looked at
    private readonly double[] _next = new double[layout.Count];
    private readonly bool[] _active = new bool[layout.Count];

    /// <summary>How good a settled point is.</summary>
    public delegate double Value(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active);

    /// <summary>Takes every step up as it is found, until a round through all hyperparameters finds none.</summary>
    /// <param name="unit">Where it begins; receives where it ends.</param>
    /// <returns>The value there.</returns>
    public double Climb(double[] unit)
    {
        layout.Settle(unit, _active);
        var here = valueAt(unit, _active);
        var turns = new int[unit.Length];
        for (var j = 0; j < turns.Length; j++) turns[j] = j;
        int flat = 0, steps = 0;
        for (var hasRisen = true; hasRisen && steps < MaxSteps;)
        {
            hasRisen = false;
            random.Shuffle<int>(turns);
            foreach (var j in turns)
            {
                var count = Neighbours(unit, j);
                for (var k = 0; k < count; k++)
                {
                    var there = TryNeighbour(unit, j, k);
                    if (there < here || (there == here && ++flat > MaxFlatSteps)) continue;
                    if (there > here) hasRisen = true;
                    here = there;
                    _next.CopyTo(unit, 0);
                    steps++;
                }
            }
        }

        return here;
    }

    /// <summary>Moves away from what was tried without becoming worse.</summary>
    /// <param name="unit">Where it begins; receives where it ends.</param>
    /// <param name="here">The value there.</param>
    /// <param name="known">What was tried.</param>
    public void Spread(double[] unit, double here, IReadOnlyList<Observation> known)
    {
        layout.Settle(unit, _active);
        var distance = Distance(unit, known);
        for (var step = 0; step < SpreadSteps; step++)
        {
            var j = random.NextInt(unit.Length);
            var count = Neighbours(unit, j);
            if (count == 0) continue;
            var there = TryNeighbour(unit, j, random.NextInt(count));
            if (there < here) continue;
            var far = Distance(_next, known);
            if (there == here && far <= distance) continue;
            here = there;
            distance = far;
            _next.CopyTo(unit, 0);
        }
    }

    private int Neighbours(double[] unit, int dimension)
    {
        layout.Settle(unit, _active);
        if (!_active[dimension]) return 0;
        return layout[dimension].Encoded switch
        {
            { Levels: 1 } => 0,
            { IsOrdered: true } => StepsPerNumber,
            var choice => (int)Math.Min(choice.Levels!.Value, MaxLabels),
        };
    }

    // Leaves the neighbour in the buffer; minus infinity if it is the point itself.
    private double TryNeighbour(double[] unit, int dimension, int number)
    {
        unit.CopyTo(_next, 0);
        _next[dimension] = Neighbour(dimension, unit[dimension], number);
        layout.Settle(_next, _active);
        return _next[dimension] == unit[dimension] ? double.NegativeInfinity : valueAt(_next, _active);
    }

    private double Neighbour(int dimension, double from, int number)
    {
        var encoded = layout[dimension].Encoded;
        if (!encoded.IsOrdered) return encoded.Levels <= MaxLabels ? encoded.UnitOfLevel(number) : random.NextDouble();
        // From a hundred-and-fiftieth to a fifth of the range, all orders alike; a value further where there are few.
        var step = PortableMath.Exp(-5 + 3.5 * random.NextDouble());
        if (encoded.Levels is { } levels) step = Math.Max(step, 0.7 / levels);
        return from + step * random.NextGaussian();
    }

    // To the nearest known trial: shares of ranges, 1 for another choice or for what exists in one of the two.
    private double Distance(double[] unit, IReadOnlyList<Observation> known)
    {
        var least = double.PositiveInfinity;
        foreach (var trial in known)
        {
            var sum = 0.0;
            for (var j = 0; j < unit.Length && sum < least; j++)
            {
                if (_active[j] != trial.Active[j]) sum++;
                else if (!_active[j]) continue;
                else if (layout[j].Encoded.IsOrdered) sum += Math.Abs(unit[j] - trial.Unit[j]);
                else if (unit[j] != trial.Unit[j]) sum++;
            }

            least = Math.Min(least, sum);
        }

        return least;
    }
}
