namespace AutoTune.Spaces;

/// <summary>
/// Exponential and logarithm in plain IEEE arithmetic, so that the same seed gives the same study on every operating system:
/// <see cref="Math.Exp"/> and <see cref="Math.Log(double)"/> call the platform's C library, whose last bits differ.
/// </summary>
/// <remarks>
/// Argument reduction and the minimax coefficients are those of fdlibm (Sun Microsystems, 1993: e_exp.c, e_log.c); error below 1 ulp.
/// Thread-safe.
/// </remarks>
public static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>e raised to <paramref name="x"/>; 0 below about -745, positive infinity above about 709.78, NaN for NaN.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 709.782712893383973096) return double.PositiveInfinity;
        if (x < -745.13321910194110842) return 0;

        // x = k ln2 + r, |r| <= ln2 / 2; r is kept as high - low.
        var k = Math.Floor(x * 1.44269504088896338700 + 0.5);
        var high = x - k * Ln2High;
        var low = k * Ln2Low;
        var r = high - low;
        var t = r * r;
        var c = r - t * (1.66666666666666019037e-01 + t * (-2.77777777770155933842e-03 + t * (6.61375632143793436117e-05
            + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
        var y = 1.0 - (low - r * c / (2.0 - c) - high);
        // A power of two by its bits where the result is normal; ScaleB gives the same, and the subnormal ones.
        return k is >= -1021 and <= 1022 ? y * BitConverter.Int64BitsToDouble(((long)k + 1023) << 52) : Math.ScaleB(y, (int)k);
    }

    /// <summary>Natural logarithm of <paramref name="x"/>; negative infinity for 0, NaN below 0.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0) return double.NaN;
        if (x == 0) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x)) return x;

        // x = 2^k (1 + f), sqrt(2)/2 < 1 + f < sqrt(2).
        var isSubnormal = x < 2.2250738585072014e-308;
        var bits = BitConverter.DoubleToInt64Bits(isSubnormal ? x * (1L << 54) : x);
        var k = (int)(bits >> 52) - (isSubnormal ? 1023 + 54 : 1023);
        var m = BitConverter.Int64BitsToDouble((bits & 0xF_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (m > 1.41421356237309504880) { m *= 0.5; k++; }
        var f = m - 1.0;
        if (f == 0) return k * Ln2High + k * Ln2Low;
        var s = f / (2.0 + f);
        var z = s * s;
        var w = z * z;
        var odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
        var even = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
        var halfSquare = 0.5 * f * f;
        return k * Ln2High - (halfSquare - (s * (halfSquare + even + odd) + k * Ln2Low) - f);
    }
}
