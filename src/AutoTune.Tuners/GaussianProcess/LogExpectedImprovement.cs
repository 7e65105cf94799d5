using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>The logarithm of the expected improvement over the best value known, with its derivatives; larger is better.</summary>
/// <remarks>
/// <code>
/// m, s      mean and standard deviation of the model at a point
/// z         (best - m) / s
/// h(z)      density(z) + z cumulative(z); the expected improvement is s h(z)          (Jones and others 1998)
/// c(t)      the continued fraction of the normal tail, see NormalDistribution
/// </code>
/// Below z = -38 the expected improvement itself is zero in double precision, and its gradient with it: the search would be blind
/// (Ament and others 2023). Here, for z below -2, h = density c / (t + c) with t = -z, which has no cancellation at all.
/// </remarks>
internal static class LogExpectedImprovement
{
    public static double Value(double mean, double deviation, double best)
    {
        var z = (best - mean) / deviation;
        if (z >= -2) return PortableMath.Log(deviation * (NormalDistribution.Density(z) + z * NormalDistribution.Cumulative(z)));
        var c = NormalDistribution.Fraction(-z);
        return PortableMath.Log(deviation * c / (c - z)) + NormalDistribution.LogDensity(z);
    }

    /// <summary>The value, its derivative by the mean and its derivative by the standard deviation.</summary>
    public static (double Value, double ByMean, double ByDeviation) WithDerivatives(double mean, double deviation, double best)
    {
        var z = (best - mean) / deviation;
        if (z < -2)
        {
            var c = NormalDistribution.Fraction(-z);
            var value = PortableMath.Log(deviation * c / (c - z)) + NormalDistribution.LogDensity(z);
            return (value, -1 / (c * deviation), (c - z) / (c * deviation));
        }

        var density = NormalDistribution.Density(z);
        var cumulative = NormalDistribution.Cumulative(z);
        var h = density + z * cumulative;
        return (PortableMath.Log(deviation * h), -cumulative / (h * deviation), density / (h * deviation));
    }
}
