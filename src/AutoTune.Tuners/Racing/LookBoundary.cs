using System.Collections.Concurrent;
using System.Globalization;
using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Racing;

/// <summary>How far a test statistic must be out for a test that looks more than once to keep its level.</summary>
/// <remarks>
/// <code>
/// v[k]   the information at look k, growing: X(v) is a Brownian motion without drift, Z[k] = X(v[k]) / sqrt(v[k])
/// c      the answer: P(Z[k] >= c at any k) = level        (Pocock's boundary, for looks that need not be equally far apart)
/// f      the density of Z[k] where no look so far was beyond c, on a grid from -6 to c
/// </code>
/// By recursive integration: Armitage, McPherson and Rowe (1969); Jennison and Turnbull, "Group Sequential Methods" (2000), chapter 19. Fewer looks
/// than planned only lower the error.
/// </remarks>
internal static class LookBoundary
{
    private const int Points = 161; // odd, for Simpson's rule; steps of 0.05 are fine enough for information that grows by a fiftieth
    private const double Lowest = -6; // chosen, because the mass below it is 1e-9

    // Some milliseconds each, and the same for every study of so many repeats. A pure function's values: who asks first does not matter.
    private static readonly ConcurrentDictionary<(string Information, double Level), double> Known = [];

    /// <summary>The boundary c, remembered.</summary>
    /// <param name="information">v; positive and growing, at least one.</param>
    /// <param name="level">The level; above 0, below 0.5.</param>
    public static double Of(double[] information, double level)
        => Known.GetOrAdd((string.Join(' ', information.Select(v => v.ToString("R", CultureInfo.InvariantCulture))), level), _ => Solve(information, level));

    /// <summary>The boundary c, worked out.</summary>
    internal static double Solve(ReadOnlySpan<double> information, double level)
    {
        // One look gives the lowest, Bonferroni the highest; the logarithm of the error is nearly straight between them.
        double low = -NormalDistribution.Quantile(level), high = -NormalDistribution.Quantile(level / information.Length);
        if (information.Length == 1) return low;
        double target = PortableMath.Log(level), lowError = PortableMath.Log(Error(information, low)), highError = PortableMath.Log(Error(information, high));
        for (var i = 0; i < 30 && high - low > 1e-5; i++)
        {
            var share = (lowError - target) / (lowError - highError);
            // A little to the side of the straight line's answer, so that both ends close in.
            var c = low + (high - low) * Math.Clamp(double.IsFinite(share) ? share : 0.5, 0.02, 0.98);
            var error = PortableMath.Log(Error(information, c));
            if (error > target) (low, lowError) = (c, error);
            else (high, highError) = (c, error);
            if (Math.Abs(error - target) < 1e-4) return c;
        }

        return high;
    }

    /// <summary>P(Z[k] >= c at any k).</summary>
    internal static double Error(ReadOnlySpan<double> information, double c)
    {
        Span<double> density = stackalloc double[Points], next = stackalloc double[Points];
        var spacing = (c - Lowest) / (Points - 1);
        for (var i = 0; i < Points; i++) density[i] = NormalDistribution.Density(Lowest + i * spacing);
        var error = NormalDistribution.Cumulative(-c);
        for (var k = 1; k < information.Length; k++)
        {
            double before = Math.Sqrt(information[k - 1]), now = Math.Sqrt(information[k]), step = Math.Sqrt(information[k] - information[k - 1]);
            for (var i = 0; i < Points; i++) density[i] *= spacing / 3 * (i is 0 or Points - 1 ? 1 : i % 2 == 1 ? 4 : 2);
            next.Clear();
            for (var i = 0; i < Points; i++)
            {
                var x = before * (Lowest + i * spacing);
                error += density[i] * NormalDistribution.Cumulative((x - now * c) / step);
                // What is further away than six deviations of the step does not count.
                int from = Math.Max(0, (int)(((x - 6 * step) / now - Lowest) / spacing)), to = Math.Min(Points - 1, (int)(((x + 6 * step) / now - Lowest) / spacing) + 1);
                for (var j = from; j <= to; j++) next[j] += density[i] * NormalDistribution.Density((now * (Lowest + j * spacing) - x) / step);
            }

            for (var j = 0; j < Points; j++) density[j] = next[j] * (now / step);
        }

        return error;
    }
}
