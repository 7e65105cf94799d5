namespace AutoTune.Tuners.GaussianProcess;

/// <summary>Points at which the acquisition search looks first: all of a small space, or random ones and variations of the best trials.</summary>
internal sealed class CandidatePool
{
    /// <summary>The largest number of configurations that is looked at completely.</summary>
    public const int Enumerable = 2000;

    private readonly SpaceLayout _layout;
    private readonly List<double[]> _units = [];
    private readonly List<bool[]> _actives = [];
    private readonly HeldChoice? _held;

    private CandidatePool(SpaceLayout layout, HeldChoice? held = null)
    {
        _layout = layout;
        _held = held;
    }

    public int Count => _units.Count;

    public double[] Unit(int index) => _units[index];

    public bool[] Active(int index) => _actives[index];

    /// <summary>Every configuration of a finite space, each once.</summary>
    public static CandidatePool Complete(SpaceLayout layout)
    {
        var pool = new CandidatePool(layout);
        pool.Expand(new double[layout.Count], new bool[layout.Count], 0);
        return pool;
    }

    /// <summary>Half uniform, half around the best trials.</summary>
    /// <param name="layout">The space.</param>
    /// <param name="random">The randomness.</param>
    /// <param name="count">How many in all.</param>
    /// <param name="best">The most promising trials, best first; may be empty.</param>
    /// <param name="box">Where they lie; null: everywhere.</param>
    /// <param name="held">A choice that is made in all of them; null: none.</param>
    public static CandidatePool Mixed(SpaceLayout layout, RandomSource random, int count, IReadOnlyList<Observation> best, TrustBox? box = null, HeldChoice? held = null)
    {
        var pool = new CandidatePool(layout, held);
        var uniform = best.Count == 0 ? count : count / 2;
        for (var i = 0; i < uniform; i++)
        {
            var unit = new double[layout.Count];
            for (var j = 0; j < unit.Length; j++) unit[j] = random.NextDouble();
            box?.Scatter(unit, random);
            pool.Add(unit);
        }

        while (pool.Count < count)
        {
            var unit = Vary(layout, random, best);
            box?.Clip(unit);
            pool.Add(unit);
        }

        return pool;
    }

    // Some coordinates move: choices anew, numbers by a step whose size is drawn from a thousandth to a third of the range. Few move at
    // a time, as in many dimensions changing all of them leaves nothing of a good point (Regis and Shoemaker 2013; Papenmeier 2025).
    private static double[] Vary(SpaceLayout layout, RandomSource random, IReadOnlyList<Observation> best)
    {
        // The first is taken half of the time, the second a quarter, ...
        var pick = 0;
        while (pick < best.Count - 1 && random.NextDouble() < 0.5) pick++;
        var centre = best[pick];
        var unit = (double[])centre.Unit.Clone();
        var step = AutoTune.Spaces.PortableMath.Exp(-7 + 6 * random.NextDouble());
        var share = Math.Max(1 / layout.EffectiveDimensions, random.NextDouble());
        for (var j = 0; j < unit.Length; j++)
        {
            if (!centre.Active[j])
            {
                unit[j] = random.NextDouble(); // matters if its branch comes alive
            }
            else if (random.NextDouble() < share)
            {
                var encoded = layout[j].Encoded;
                if (!encoded.IsOrdered) unit[j] = random.NextDouble() < 0.5 ? random.NextDouble() : unit[j];
                else if (encoded.Levels is { } levels) unit[j] += Math.Max(step, 0.7 / levels) * random.NextGaussian();
                else unit[j] += step * random.NextGaussian();
            }
        }

        return unit;
    }

    private void Add(double[] unit)
    {
        _held?.Set(unit);
        var active = new bool[unit.Length];
        _layout.Settle(unit, active);
        _units.Add(unit);
        _actives.Add(active);
    }

    private void Expand(double[] unit, bool[] active, int dimension)
    {
        if (dimension == unit.Length)
        {
            Add((double[])unit.Clone());
            return;
        }

        _layout.Settle(unit, active);
        var levels = active[dimension] ? _layout[dimension].Encoded.Levels!.Value : 1;
        for (long level = 0; level < levels; level++)
        {
            unit[dimension] = _layout[dimension].Encoded.UnitOfLevel(level);
            Expand(unit, active, dimension + 1);
        }
    }
}
