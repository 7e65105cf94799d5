namespace AutoTune.Tuners.GaussianProcess;

/// <summary>What is tried before there is a model: defaults, then Latin hypercubes.</summary>
/// <remarks>
/// First the default configuration; then, where a choice decides what else exists, the defaults of every other branch - what somebody
/// who knows the subject would try first, and the middle of a branch, which the model itself looks at last: in few points a branch is
/// least known at its corners. In a Latin hypercube of m points every coordinate takes one value in each m-th of its range, so that few
/// points still see every choice and both ends (McKay and others 1979); of several the one is taken whose two nearest points are furthest
/// apart. Sobol' points begin to be even at numbers that a tuner has no time for. Immutable.
/// </remarks>
internal sealed class InitialDesign
{
    private const int Draws = 32;
    private const int LeastSpread = 2; // points beside the defaults
    private const int MaxBranches = 10;
    private const int LeastDrawn = 4; // beside the defaults, if these are to stand for others: with two the search was behind (decision 23)
    private const int MostForChoices = 4; // beside the rule, so that no value of a choice is judged by one unlucky point (decision 23)
    private readonly SpaceLayout _layout;
    private readonly RandomSource _random;
    private readonly List<double[]> _defaults;

    /// <summary>A design.</summary>
    /// <param name="space">The space.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="random">Randomness for the whole study.</param>
    /// <param name="count">How many points; null: a rule.</param>
    /// <param name="branchesCount">Whether by the rule the other branches' defaults stand for points that choices ask for, where enough others are left.</param>
    public InitialDesign(SearchSpace space, SpaceLayout layout, RandomSource random, int? count, bool branchesCount = false)
    {
        _layout = layout;
        _random = random;
        _defaults = Defaults(space, layout);
        var values = space.Encoding.Dimensions.Where(dimension => !dimension.IsOrdered).Select(dimension => dimension.Levels!.Value).DefaultIfEmpty(1).Max();
        var forChoices = values > 1 ? (int)Math.Min(values, MostForChoices) : 0;
        var rule = Math.Clamp(1 + (int)Math.Ceiling(layout.EffectiveDimensions / 2), 4, 10) + forChoices;
        if (branchesCount) rule = Math.Max(rule - Math.Min(forChoices, _defaults.Count - 1), Math.Min(rule, _defaults.Count + LeastDrawn));
        Count = count ?? Math.Max(rule, _defaults.Count + LeastSpread);
    }

    /// <summary>How many trials come before the model.</summary>
    public int Count { get; }

    /// <summary>Point number <paramref name="index"/>, counted from 0; there is no last one.</summary>
    public Configuration this[int index]
    {
        get
        {
            if (index < _defaults.Count) return _layout.Decode(_defaults[index]);
            index -= _defaults.Count;
            var size = Math.Max(Count - _defaults.Count, 1);
            var block = Best(index / size, size);
            return _layout.Decode(block.AsSpan(index % size * _layout.Count, _layout.Count));
        }
    }

    // The default, then for each choice those of its other values under which other hyperparameters exist.
    private static List<double[]> Defaults(SearchSpace space, SpaceLayout layout)
    {
        var start = new double[layout.Count];
        bool[] active = new bool[layout.Count], other = new bool[layout.Count];
        layout.Encode(space.Default, start, active);
        var defaults = new List<double[]> { start };
        var patterns = new List<bool[]> { (bool[])active.Clone() };
        for (var j = 0; j < start.Length; j++)
        {
            if (!active[j] || !layout.HasChildren(j)) continue;
            for (long level = 0; level < layout[j].Encoded.Levels && defaults.Count <= MaxBranches; level++)
            {
                var unit = (double[])start.Clone();
                unit[j] = layout[j].Encoded.UnitOfLevel(level);
                layout.Settle(unit, other);
                if (patterns.Exists(pattern => pattern.AsSpan().SequenceEqual(other))) continue;
                patterns.Add((bool[])other.Clone());
                defaults.Add(unit);
            }
        }

        return defaults;
    }

    private double[] Best(int block, int size)
    {
        double[] best = [];
        var bestDistance = -1.0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var points = Draw(_random.Fork("latin hypercube", (long)block * Draws + draw), size);
            var distance = LeastDistance(points, size);
            if (!(distance > bestDistance)) continue;
            bestDistance = distance;
            best = points;
        }

        return best;
    }

    private double[] Draw(RandomSource random, int size)
    {
        var d = _layout.Count;
        var points = new double[size * d];
        var order = new int[size];
        for (var j = 0; j < d; j++)
        {
            for (var i = 0; i < size; i++) order[i] = i;
            random.Shuffle<int>(order);
            for (var i = 0; i < size; i++) points[i * d + j] = (order[i] + random.NextDouble()) / size;
        }

        return points;
    }

    private double LeastDistance(double[] points, int size)
    {
        var d = _layout.Count;
        var least = double.MaxValue;
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++)
            {
                var square = 0.0;
                for (var j = 0; j < d; j++) square += (points[i * d + j] - points[k * d + j]) * (points[i * d + j] - points[k * d + j]);
                least = Math.Min(least, square);
            }
        }

        return least;
    }
}
