namespace AutoTune.Tuners.GaussianProcess;

/// <summary>What is tried before there is a model: the default configuration, then Latin hypercubes.</summary>
/// <remarks>
/// In a Latin hypercube of m points every coordinate takes one value in each m-th of its range, so that few points still see every
/// choice and both ends (McKay and others 1979); of several the one is taken whose two nearest points are furthest apart. Sobol' points
/// begin to be even at numbers that a tuner has no time for. Immutable.
/// </remarks>
internal sealed class InitialDesign
{
    private const int Draws = 32;
    private readonly SearchSpace _space;
    private readonly SpaceLayout _layout;
    private readonly RandomSource _random;

    public InitialDesign(SearchSpace space, SpaceLayout layout, RandomSource random, int count)
    {
        _space = space;
        _layout = layout;
        _random = random;
        Count = count;
    }

    /// <summary>How many trials come before the model.</summary>
    public int Count { get; }

    /// <summary>Point number <paramref name="index"/>, counted from 0; there is no last one.</summary>
    public Configuration this[int index]
    {
        get
        {
            if (index == 0) return _space.Default;
            var size = Math.Max(Count - 1, 1);
            var block = Best((index - 1) / size, size);
            return _layout.Decode(block.AsSpan((index - 1) % size * _layout.Count, _layout.Count));
        }
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
