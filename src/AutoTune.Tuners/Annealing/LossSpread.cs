namespace AutoTune.Tuners.Annealing;

/// <summary>By what losses are told apart: how far the middle one of the latest is above the best of them.</summary>
/// <remarks>One outlier, or a loss of 1e300, moves it no further than to the next loss. It shrinks as the search comes closer, and the temperature with it.</remarks>
internal sealed class LossSpread
{
    private const int Most = 64;
    private readonly Queue<double> _losses = new();

    public void Tell(double loss)
    {
        _losses.Enqueue(loss);
        if (_losses.Count > Most) _losses.Dequeue();
    }

    /// <summary>How many spreads lie between two losses; positive infinity where all losses are the same, and these are not.</summary>
    public double Between(double better, double worse)
    {
        if (worse <= better) return 0;
        var sorted = _losses.Order().ToArray();
        var spread = sorted.Length == 0 ? 0 : sorted[sorted.Length / 2] / 2 - sorted[0] / 2; // halves: the difference of two extremes is too large
        return spread > 0 ? (worse / 2 - better / 2) / spread : double.PositiveInfinity;
    }
}
