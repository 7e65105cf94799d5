using AutoTune.Spaces;

namespace AutoTune.Tuners.Numerics;

/// <summary>Student's t distribution, by way of the normal one.</summary>
internal static class StudentDistribution
{
    /// <summary>
    /// The normal deviate as rare as a t. Wallace (1959), equation 4.3: never further out by more than a thousandth, and for one degree of freedom a tenth
    /// too close to zero.
    /// </summary>
    /// <param name="t">The t; may be infinite.</param>
    /// <param name="freedom">Its degrees of freedom, above 0.</param>
    public static double Deviate(double t, double freedom)
    {
        if (t < 0) return -Deviate(-t, freedom);
        if (freedom > 1e6) return t;
        if (t > 1e100) return 40; // whose chance is no longer told from 0
        var z = Math.Sqrt(freedom * PortableMath.Log(1 + t * t / freedom)) * (8 * freedom + 1) / (8 * freedom + 3);
        return Math.Min(z, t);
    }
}
