using AutoTune.Spaces;

namespace AutoTune.Tuners.Racing;

/// <summary>How much trials of the elite's kind differ between repeats: the standard deviation of one repeat, and how sure that is.</summary>
/// <param name="Deviation">The standard deviation of a trial's value at one repeat, about its mean and that of the repeat.</param>
/// <param name="Freedom">The degrees of freedom that this is worth; 0: nothing is known.</param>
/// <remarks>
/// <code>
/// x[t,j]    the mean of trial t over block j, which holds L[j] repeats         (E x J)
/// r[t,j]    x[t,j] - mean of t - mean of j + mean of all: what trial and repeat do not explain; means weighted by L
/// s2[t]     sum of L r^2, scaled so that its expectation is the variance of a repeat; about J - 1 degrees of freedom
/// V         the variance of log s2[t] over the trials: trigamma((J-1)/2) where all trials are equally noisy, and
///           trigamma(nu/2) more where their variances are drawn about a common one (Smyth 2004, section 6.2)
/// </code>
/// </remarks>
internal readonly record struct RaceNoise(double Deviation, double Freedom)
{
    // Chosen: a few trials say little about V, so that two more that are as different as with nu = 8 are taken into account.
    private const double ExpectedFreedom = 8, ExpectedWeight = 2;

    /// <summary>Learns from trials.</summary>
    /// <param name="means">The mean of each trial over the repeats up to each step: a row a trial.</param>
    /// <param name="steps">The steps, growing.</param>
    public static RaceNoise OfMeans(IReadOnlyList<double[]> means, ReadOnlySpan<int> steps)
    {
        var lengths = new int[steps.Length];
        for (var j = 0; j < lengths.Length; j++) lengths[j] = steps[j] - (j == 0 ? 0 : steps[j - 1]);
        var blocks = new double[means.Count][];
        for (var t = 0; t < blocks.Length; t++)
        {
            var of = means[t];
            blocks[t] = new double[lengths.Length];
            for (var j = 0; j < lengths.Length; j++) blocks[t][j] = j == 0 ? of[0] : of[j - 1] + (of[j] - of[j - 1]) * ((double)steps[j] / lengths[j]);
        }

        return Of(blocks, lengths);
    }

    /// <summary>Learns from trials.</summary>
    /// <param name="blocks">x: a row a trial.</param>
    /// <param name="lengths">L.</param>
    public static RaceNoise Of(IReadOnlyList<double[]> blocks, ReadOnlySpan<int> lengths)
    {
        int trials = blocks.Count, count = lengths.Length;
        if (trials < 2 || count < 2) return default;
        // Differences from the first, in units of the largest: squares neither overflow nor vanish.
        var unit = 0.0;
        foreach (var row in blocks)
        {
            for (var j = 0; j < count; j++) unit = Math.Max(unit, Math.Abs(row[j] - blocks[0][0]));
        }

        if (!(unit > 0) || !double.IsFinite(unit)) return default;
        double total = 0;
        foreach (var length in lengths) total += length;
        Span<double> ofRepeat = stackalloc double[count];
        double[] ofTrial = new double[trials], squares = new double[trials];
        var ofAll = 0.0;
        for (var t = 0; t < trials; t++)
        {
            for (var j = 0; j < count; j++)
            {
                var value = (blocks[t][j] - blocks[0][0]) / unit;
                ofTrial[t] += value * lengths[j] / total;
                ofRepeat[j] += value / trials;
            }

            ofAll += ofTrial[t] / trials;
        }

        double sum = 0;
        for (var t = 0; t < trials; t++)
        {
            for (var j = 0; j < count; j++)
            {
                var rest = (blocks[t][j] - blocks[0][0]) / unit - ofTrial[t] - ofRepeat[j] + ofAll;
                squares[t] += lengths[j] * rest * rest;
            }

            squares[t] *= trials / ((trials - 1.0) * (count - 1));
            sum += squares[t];
        }

        // Rounding is no noise: nothing is known of trials that differ by no more.
        var variance = sum / trials;
        if (!(variance > 1e-24)) return default;
        return new RaceNoise(unit * Math.Sqrt(variance), 1 / (1 / FreedomBetween(squares, variance, count - 1) + 1 / ((trials - 1.0) * (count - 1))));
    }

    /// <summary>nu: small where trials differ much in their noise, infinite where they do not.</summary>
    private static double FreedomBetween(ReadOnlySpan<double> squares, double variance, int freedom)
    {
        double mean = 0, spread = 0;
        foreach (var square in squares) mean += PortableMath.Log(Math.Max(square, 1e-5 * variance)) / squares.Length;
        foreach (var square in squares)
        {
            var apart = PortableMath.Log(Math.Max(square, 1e-5 * variance)) - mean;
            spread += apart * apart;
        }

        var own = Trigamma(0.5 * freedom);
        var between = (spread + ExpectedWeight * (own + Trigamma(0.5 * ExpectedFreedom))) / (squares.Length - 1 + ExpectedWeight) - own;
        return between > 0 ? 2 * InverseTrigamma(between) : double.PositiveInfinity;
    }

    /// <summary>The second derivative of log Gamma, for x above 0: its recurrence up to 8, then its asymptotic series (Abramowitz and Stegun 6.4.12).</summary>
    internal static double Trigamma(double x)
    {
        var sum = 0.0;
        for (; x < 8; x++) sum += 1 / (x * x);
        var square = 1 / (x * x);
        return sum + 1 / x + square / 2 + square / x * (1.0 / 6 - square * (1.0 / 30 - square * (1.0 / 42 - square / 30)));
    }

    /// <summary>The x above 0 whose trigamma is <paramref name="y"/>: bisection on the logarithm, for it is monotone.</summary>
    internal static double InverseTrigamma(double y)
    {
        double low = 1e-3, high = 1e6;
        if (y >= Trigamma(low)) return low;
        if (y <= Trigamma(high)) return high;
        for (var i = 0; i < 60; i++)
        {
            var middle = Math.Sqrt(low * high);
            if (Trigamma(middle) > y) low = middle;
            else high = middle;
        }

        return Math.Sqrt(low * high);
    }
}
