namespace AutoTune.Analysis.Importance;

/// <summary>How far the values of the good trials are distributed differently from those of all.</summary>
/// <remarks>
/// | symbol | shape | meaning |
/// | K | n x g | row i: the kernel of trial i's value, a distribution over g cells of [0, 1] |
/// | p | g | the mean of all n rows |
/// | t | g | the mean of the first m rows: the distribution of the good ones |
/// | u | 1 | 1 / g: the uniform distribution |
///
/// D(t) = sum (t - u)^2 / u is the Pearson divergence (arXiv:2304.10255). It is measured against the uniform distribution, not against p:
/// after a model-based search p is itself heaped up where the important hyperparameters are good, and they would seem not to matter.
/// Taken off is what any m of the n trials would give on average, which the paper does not do, but m is small here and p need not be uniform:
/// E D = sum ((p - u)^2 + v (n - m) / (m (n - 1))) / u, with v the variance of a column of K.
/// </remarks>
internal static class PearsonDivergence
{
    // Cells of a range: the narrowest kernel that comes up, 0.04 at m = 1000, is still wider than one.
    private const int Cells = 40;

    /// <summary>The divergence of the first <paramref name="goodCount"/> values less what chance gives; 0 if chance explains it.</summary>
    public static double AboveChance(Domain domain, ReadOnlySpan<double> units, int goodCount)
    {
        var kernels = domain.IsOrdered ? OfRange(units, Bandwidth(goodCount)) : OfChoices(units, (int)domain.Cardinality!.Value);
        int n = kernels.Length, m = goodCount, g = kernels[0].Length;
        double u = 1.0 / g, divergence = 0, chance = 0;
        for (var cell = 0; cell < g; cell++)
        {
            double good = 0, sum = 0, squares = 0;
            for (var i = 0; i < n; i++)
            {
                var k = kernels[i][cell];
                sum += k;
                squares += k * k;
                if (i < m) good += k;
            }

            double t = good / m, p = sum / n, v = Math.Max(0, squares / n - p * p);
            divergence += (t - u) * (t - u) / u;
            chance += ((p - u) * (p - u) + v * (n - m) / (m * (n - 1.0))) / u;
        }

        return Math.Max(0, divergence - chance);
    }

    /// <summary>Scott's rule for a uniform distribution on [0, 1] would be 0.3 m^(-1/5); half of it, chosen because a good region is narrower.</summary>
    private static double Bandwidth(int count) => 0.15 * Math.Pow(count, -0.2);

    private static double[][] OfRange(ReadOnlySpan<double> units, double bandwidth)
    {
        var kernels = new double[units.Length][];
        for (var i = 0; i < kernels.Length; i++)
        {
            var kernel = kernels[i] = new double[Cells];
            double total = 0;
            for (var cell = 0; cell < Cells; cell++)
            {
                var z = ((cell + 0.5) / Cells - units[i]) / bandwidth;
                total += kernel[cell] = Math.Exp(-0.5 * z * z);
            }

            for (var cell = 0; cell < Cells; cell++) kernel[cell] /= total; // cut off at the ends of the range
        }

        return kernels;
    }

    private static double[][] OfChoices(ReadOnlySpan<double> units, int choices)
    {
        var kernels = new double[units.Length][];
        for (var i = 0; i < kernels.Length; i++)
        {
            kernels[i] = new double[choices];
            kernels[i][Math.Clamp((int)(units[i] * choices), 0, choices - 1)] = 1;
        }

        return kernels;
    }
}
