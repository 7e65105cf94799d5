namespace AutoTune.Tuners.CmaEs;

/// <summary>When a run gets nowhere: judged by order and step sizes alone, never by differences of losses.</summary>
/// <remarks>
/// It ends when no generation had a new best for 10 + 30 n / lambda generations in a row (the period of Hansen 2009's TolHistFun), when
/// every continuous coordinate's deviation is below 1e-9 of its range (chosen: finer than losses of trained models can show), or when the
/// shape has degenerated. Generations without any loss do not count. Not thread-safe.
/// </remarks>
internal sealed class Stagnation(CmaLayout layout, int population)
{
    private const double LeastDeviation = 1e-9;
    private readonly int _patience = 10 + (30 * layout.Ordered + population - 1) / population;
    private Standing _best = new(0, double.NaN);
    private int _generationsSinceBest;

    /// <summary>Takes a generation in.</summary>
    /// <param name="best">Its best standing.</param>
    /// <param name="search">The distribution after it.</param>
    /// <returns>Whether the run is over.</returns>
    public bool Ends(Standing best, NormalSearch search)
    {
        var isBetter = best < _best;
        if (isBetter) _best = best;
        _generationsSinceBest = isBetter ? 0 : _generationsSinceBest + 1;
        return _generationsSinceBest >= _patience || HasConverged(search) || search.IsDegenerate;
    }

    private bool HasConverged(NormalSearch search)
    {
        var hasContinuum = false;
        for (var j = 0; j < layout.Ordered; j++)
        {
            if (layout.IsDiscrete(j)) continue;
            if (search.Deviation(j) >= LeastDeviation) return false;
            hasContinuum = true;
        }

        return hasContinuum;
    }
}
