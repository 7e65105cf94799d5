using AutoTune.Spaces;

namespace AutoTune.Tuners.Numerics;

/// <summary>The standard normal distribution, accurate to the last digits in both tails and the same on every machine.</summary>
/// <remarks>
/// <code>
/// t         how far in the tail: |z|
/// R(t)      Mills' ratio (1 - cdf(t)) / density(t) = 1 / (t + c(t))
/// c(t)      the continued fraction 1 / (t + 2 / (t + 3 / (t + ...)))       (Abramowitz and Stegun 26.2.14)
/// </code>
/// Below |z| = 2 the series of A and S 26.2.11, whose terms all have one sign; from 2 on the fraction. 1 - cdf by subtraction would
/// have no correct digit left from z = 8 on.
/// </remarks>
internal static class NormalDistribution
{
    public const double HalfLogTwoPi = 0.91893853320467274178;
    private const double InverseSqrtTwoPi = 0.39894228040143267794;
    private const double SeriesLimit = 2;

    public static double Density(double z) => InverseSqrtTwoPi * PortableMath.Exp(-0.5 * z * z);

    public static double LogDensity(double z) => -0.5 * z * z - HalfLogTwoPi;

    /// <summary>The probability of a value below z.</summary>
    public static double Cumulative(double z)
    {
        if (Math.Abs(z) < SeriesLimit) return 0.5 + Density(z) * Series(z);
        var tail = Density(z) / (Math.Abs(z) + Fraction(Math.Abs(z)));
        return z < 0 ? tail : 1 - tail;
    }

    /// <summary>The logarithm of the probability of a value below z; finite down to z = -1e154.</summary>
    public static double LogCumulative(double z)
        => z < -SeriesLimit ? LogDensity(z) - PortableMath.Log(Fraction(-z) - z) : PortableMath.Log(Cumulative(z));

    /// <summary>The value below which the probability <paramref name="p"/> lies; p strictly between 0 and 1.</summary>
    /// <remarks>Acklam's rational approximation (2003, relative error 1.2e-9), then one step of Halley's method.</remarks>
    public static double Quantile(double p)
    {
        if (p > 0.5) return -Quantile(1 - p);
        double z;
        if (p < 0.02425)
        {
            var q = Math.Sqrt(-2 * PortableMath.Log(p));
            z = (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q - 2.549732539343734e+00) * q
                + 4.374664141464968e+00) * q + 2.938163982698783e+00)
                / ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q + 3.754408661907416e+00) * q + 1);
        }
        else
        {
            var q = p - 0.5;
            var r = q * q;
            z = (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r + 1.383577518672690e+02) * r
                - 3.066479806614716e+01) * r + 2.506628277459239e+00) * q
                / (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r + 6.680131188771972e+01) * r
                - 1.328068155288572e+01) * r + 1);
        }

        var u = (Cumulative(z) - p) / Density(z);
        return z - u / (1 + 0.5 * z * u);
    }

    /// <summary>c(t) for t of at least 2, to double precision.</summary>
    /// <remarks>
    /// The error falls as exp(-t sqrt(8 terms)); what is cut off is replaced by its limit, the root of c = k / (t + c).
    /// </remarks>
    internal static double Fraction(double t)
    {
        var terms = 10 + (int)(300 / (t * t));
        var c = 2.0 * terms / (t + Math.Sqrt(t * t + 4.0 * terms));
        for (var k = terms; k >= 2; k--) c = k / (t + c);
        return 1 / (t + c);
    }

    // (cdf(z) - 1/2) / density(z)
    private static double Series(double z)
    {
        var term = z;
        var sum = z;
        for (var k = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); k += 2)
        {
            term *= z * z / k;
            sum += term;
        }

        return sum;
    }
}
