using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AutoTune.Spaces;

namespace AutoTune.Tuners.Numerics;

/// <summary>The inner loops of linear algebra: dot products, scaled sums, exponentials.</summary>
/// <remarks>
/// Four lanes and explicit fused multiply-adds on every machine: <c>Vector&lt;T&gt;</c> and <c>TensorPrimitives</c> sum in an order that
/// depends on the register width, and then the same seed would propose differently on another processor.
/// </remarks>
internal static class VectorMath
{
    private const int Lanes = 4;

    /// <summary>The sum of the lanes, in an order that is written down.</summary>
    public static double Sum(Vector256<double> lanes)
    {
        var pairs = lanes.GetLower() + lanes.GetUpper();
        return pairs[0] + pairs[1];
    }

    /// <summary>The sum of x[i] y[i]; both of one length.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y);
        Vector256<double> s0 = default, s1 = default;
        nuint i = 0, n = (nuint)x.Length;
        for (; i + 2 * Lanes <= n; i += 2 * Lanes)
        {
            s0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i), s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, i + Lanes), Vector256.LoadUnsafe(ref b, i + Lanes), s1);
        }

        var sum = Sum(s0 + s1);
        for (var j = (int)i; j < x.Length; j++) sum = Math.FusedMultiplyAdd(x[j], y[j], sum);
        return sum;
    }

    /// <summary>The dot products of one vector with four others, which saves three of four loads.</summary>
    public static void Dot4(ReadOnlySpan<double> x, ReadOnlySpan<double> y0, ReadOnlySpan<double> y1, ReadOnlySpan<double> y2,
        ReadOnlySpan<double> y3, Span<double> sums)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b0 = ref MemoryMarshal.GetReference(y0);
        ref var b1 = ref MemoryMarshal.GetReference(y1);
        ref var b2 = ref MemoryMarshal.GetReference(y2);
        ref var b3 = ref MemoryMarshal.GetReference(y3);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        nuint i = 0, n = (nuint)x.Length;
        for (; i + Lanes <= n; i += Lanes)
        {
            var v = Vector256.LoadUnsafe(ref a, i);
            s0 = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref b0, i), s0);
            s1 = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref b1, i), s1);
            s2 = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref b2, i), s2);
            s3 = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref b3, i), s3);
        }

        double t0 = Sum(s0), t1 = Sum(s1), t2 = Sum(s2), t3 = Sum(s3);
        for (var j = (int)i; j < x.Length; j++)
        {
            t0 = Math.FusedMultiplyAdd(x[j], y0[j], t0);
            t1 = Math.FusedMultiplyAdd(x[j], y1[j], t1);
            t2 = Math.FusedMultiplyAdd(x[j], y2[j], t2);
            t3 = Math.FusedMultiplyAdd(x[j], y3[j], t3);
        }

        sums[0] = t0;
        sums[1] = t1;
        sums[2] = t2;
        sums[3] = t3;
    }

    /// <summary>y += scale x.</summary>
    public static void AddScaled(ReadOnlySpan<double> x, double scale, Span<double> y)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y);
        var s = Vector256.Create(scale);
        nuint i = 0, n = (nuint)x.Length;
        for (; i + Lanes <= n; i += Lanes)
            Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, i), s, Vector256.LoadUnsafe(ref b, i)).StoreUnsafe(ref b, i);
        for (var j = (int)i; j < x.Length; j++) y[j] = Math.FusedMultiplyAdd(x[j], scale, y[j]);
    }

    /// <summary>y += (x - centre)^2.</summary>
    public static void AddSquaredDifference(ReadOnlySpan<double> x, double centre, Span<double> y)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y);
        var c = Vector256.Create(centre);
        nuint i = 0, n = (nuint)x.Length;
        for (; i + Lanes <= n; i += Lanes)
        {
            var d = Vector256.LoadUnsafe(ref a, i) - c;
            Vector256.FusedMultiplyAdd(d, d, Vector256.LoadUnsafe(ref b, i)).StoreUnsafe(ref b, i);
        }

        for (var j = (int)i; j < x.Length; j++) y[j] = Math.FusedMultiplyAdd(x[j] - centre, x[j] - centre, y[j]);
    }

    /// <summary>The sum of c[i] (x[i] - centre)^2.</summary>
    public static double WeightedSquaredDifference(ReadOnlySpan<double> c, ReadOnlySpan<double> x, double centre)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(c);
        var m = Vector256.Create(centre);
        var s = Vector256<double>.Zero;
        nuint i = 0, n = (nuint)x.Length;
        for (; i + Lanes <= n; i += Lanes)
        {
            var d = Vector256.LoadUnsafe(ref a, i) - m;
            s = Vector256.FusedMultiplyAdd(d * d, Vector256.LoadUnsafe(ref b, i), s);
        }

        var sum = Sum(s);
        for (var j = (int)i; j < x.Length; j++) sum = Math.FusedMultiplyAdd((x[j] - centre) * (x[j] - centre), c[j], sum);
        return sum;
    }

    /// <summary>The sum of c[i] (x[i] - a) (y[i] - b).</summary>
    public static double WeightedProduct(ReadOnlySpan<double> c, ReadOnlySpan<double> x, double a, ReadOnlySpan<double> y, double b)
    {
        ref var weights = ref MemoryMarshal.GetReference(c);
        ref var first = ref MemoryMarshal.GetReference(x);
        ref var second = ref MemoryMarshal.GetReference(y);
        Vector256<double> p = Vector256.Create(a), q = Vector256.Create(b), s = Vector256<double>.Zero;
        nuint i = 0, n = (nuint)x.Length;
        for (; i + Lanes <= n; i += Lanes)
            s = Vector256.FusedMultiplyAdd((Vector256.LoadUnsafe(ref first, i) - p) * (Vector256.LoadUnsafe(ref second, i) - q), Vector256.LoadUnsafe(ref weights, i), s);
        var sum = Sum(s);
        for (var j = (int)i; j < x.Length; j++) sum = Math.FusedMultiplyAdd((x[j] - a) * (y[j] - b), c[j], sum);
        return sum;
    }

    /// <summary>The sum of c[i] (x[i] - centre).</summary>
    public static double WeightedDifference(ReadOnlySpan<double> c, ReadOnlySpan<double> x, double centre)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(c);
        var m = Vector256.Create(centre);
        var s = Vector256<double>.Zero;
        nuint i = 0, n = (nuint)x.Length;
        for (; i + Lanes <= n; i += Lanes)
            s = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, i) - m, Vector256.LoadUnsafe(ref b, i), s);
        var sum = Sum(s);
        for (var j = (int)i; j < x.Length; j++) sum = Math.FusedMultiplyAdd(x[j] - centre, c[j], sum);
        return sum;
    }

    /// <summary>The sum of c[i] f[i] (x[i] - centre).</summary>
    public static double WeightedDifference(ReadOnlySpan<double> c, ReadOnlySpan<double> f, ReadOnlySpan<double> x, double centre)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(c);
        ref var d = ref MemoryMarshal.GetReference(f);
        var m = Vector256.Create(centre);
        var s = Vector256<double>.Zero;
        nuint i = 0, n = (nuint)x.Length;
        for (; i + Lanes <= n; i += Lanes)
            s = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, i) - m, Vector256.LoadUnsafe(ref b, i) * Vector256.LoadUnsafe(ref d, i), s);
        var sum = Sum(s);
        for (var j = (int)i; j < x.Length; j++) sum = Math.FusedMultiplyAdd(x[j] - centre, c[j] * f[j], sum);
        return sum;
    }

    /// <summary>y += x.</summary>
    public static void Add(ReadOnlySpan<double> x, Span<double> y)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y);
        nuint i = 0, n = (nuint)x.Length;
        for (; i + Lanes <= n; i += Lanes) (Vector256.LoadUnsafe(ref b, i) + Vector256.LoadUnsafe(ref a, i)).StoreUnsafe(ref b, i);
        for (var j = (int)i; j < x.Length; j++) y[j] += x[j];
    }

    /// <summary>e raised to each x, for x at most 0; what lies below -700 counts as -700.</summary>
    /// <remarks>The reduction and the polynomial of <see cref="PortableMath.Exp"/>, operation by operation: equal to the last bit.</remarks>
    public static Vector256<double> ExpOfNegative(Vector256<double> x)
    {
        x = Vector256.Max(x, Vector256.Create(-700.0));
        var k = Vector256.Floor(x * Vector256.Create(1.44269504088896338700) + Vector256.Create(0.5));
        var high = x - k * Vector256.Create(6.93147180369123816490e-01);
        var low = k * Vector256.Create(1.90821492927057770002e-10);
        var r = high - low;
        var t = r * r;
        var p = Vector256.Create(-1.65339022054652515390e-06) + t * Vector256.Create(4.13813679705723846039e-08);
        p = Vector256.Create(6.61375632143793436117e-05) + t * p;
        p = Vector256.Create(-2.77777777770155933842e-03) + t * p;
        p = Vector256.Create(1.66666666666666019037e-01) + t * p;
        var c = r - t * p;
        var one = Vector256.Create(1.0);
        var y = one - (low - r * c / (Vector256.Create(2.0) - c) - high);
        // 2^k through the exponent's bits; k is above -1011, so the result is normal.
        var exponent = Vector256.ShiftLeft(Vector256.ConvertToInt64(k) + Vector256.Create(1023L), 52);
        return y * exponent.AsDouble();
    }

    /// <summary>e raised to x, for x at most 0: the same bits as the four-lane form.</summary>
    public static double ExpOfNegative(double x) => PortableMath.Exp(Math.Max(x, -700.0));
}
