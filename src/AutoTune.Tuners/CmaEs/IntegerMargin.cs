using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.CmaEs;

/// <summary>Keeps a coordinate with bins from freezing: the neighbours of the mean's bin always have some probability.</summary>
/// <remarks>
/// <code>
/// m, s         mean and standard deviation of the coordinate
/// low, high    the edges of the bin that holds m; infinite where there is no neighbour
/// alpha        the least probability of leaving the bin: 1 / (n lambda)
/// </code>
/// CMA-ES with margin: Hamano and others 2022, "CMA-ES with margin: lower-bounding marginal probability for mixed-integer
/// black-box optimization". Once s is a small part of a bin, every sample would decode to the same value, selection would be blind to the
/// coordinate, and it would stay where it is by chance.
/// </remarks>
internal static class IntegerMargin
{
    /// <summary>The mean and the standard deviation, corrected where needed.</summary>
    public static (double Mean, double Deviation) Correct(double mean, double deviation, double low, double high, double alpha)
    {
        if (double.IsInfinity(low) && double.IsInfinity(high)) return (mean, deviation);

        // At an end of the range only the mean moves.
        if (double.IsInfinity(low)) return (Math.Max(mean, high - deviation * NormalDistribution.Quantile(1 - alpha)), deviation);
        if (double.IsInfinity(high)) return (Math.Min(mean, low + deviation * NormalDistribution.Quantile(1 - alpha)), deviation);

        var below = NormalDistribution.Cumulative((low - mean) / deviation);
        var above = NormalDistribution.Cumulative((mean - high) / deviation);
        if (below >= alpha / 2 && above >= alpha / 2) return (mean, deviation);
        var between = 1 - below - above;
        below = Math.Max(below, alpha / 2);
        above = Math.Max(above, alpha / 2);
        var excess = (1 - below - above - between) / (below + above + between - 3 * alpha / 2);
        var newBelow = Math.Max(below + excess * (below - alpha / 2), alpha / 2);
        var newAbove = Math.Max(above + excess * (above - alpha / 2), alpha / 2);
        // Both solve: newBelow lies left of low, newAbove right of high.
        var left = NormalDistribution.Quantile(1 - newBelow);
        var right = NormalDistribution.Quantile(1 - newAbove);
        if (!(left + right > 0)) return (mean, deviation);
        return ((low * right + high * left) / (left + right), (high - low) / (left + right));
    }
}
