using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>The Matérn-5/2 kernel of a squared distance, and distances between labels.</summary>
/// <remarks>
/// <code>
/// q         squared distance, the sum over columns of weight times squared difference
/// a         sqrt(5 q)
/// k(q)      signal (1 + a + a^2 / 3) exp(-a)            Rasmussen and Williams 2006, equation 4.17
/// k'(q)     -5/6 signal (1 + a) exp(-a)
/// p(q)      signal (1 + q / 4)^-2, of one hyperparameter    the rational quadratic kernel, equation 4.19, alpha = 2
/// p'(q)     -1/2 signal (1 + q / 4)^-3
/// </code>
/// A product over dimensions would be as valid; one radial function of all columns extrapolates further along unimportant ones. p is cheap on
/// purpose: it is evaluated for each hyperparameter.
/// </remarks>
internal static class Matern
{
    private const int Lanes = 4;

    /// <summary>Writes k(q) and, unless <paramref name="slopes"/> is empty, k'(q).</summary>
    public static void Evaluate(ReadOnlySpan<double> q, double signal, Span<double> k, Span<double> slopes)
    {
        ref var from = ref MemoryMarshal.GetReference(q);
        ref var to = ref MemoryMarshal.GetReference(k);
        ref var toSlope = ref MemoryMarshal.GetReference(slopes);
        Vector256<double> s = Vector256.Create(signal), one = Vector256.Create(1.0), third = Vector256.Create(1.0 / 3);
        Vector256<double> five = Vector256.Create(5.0), slope = Vector256.Create(-5.0 / 6 * signal);
        nuint i = 0, n = (nuint)q.Length;
        for (; i + Lanes <= n; i += Lanes)
        {
            var square = Vector256.LoadUnsafe(ref from, i) * five;
            var a = Vector256.Sqrt(square);
            var e = VectorMath.ExpOfNegative(-a);
            var linear = one + a;
            (s * ((linear + square * third) * e)).StoreUnsafe(ref to, i);
            if (!slopes.IsEmpty) (slope * (linear * e)).StoreUnsafe(ref toSlope, i);
        }

        for (var j = (int)i; j < q.Length; j++)
        {
            var square = q[j] * 5.0;
            var a = Math.Sqrt(square);
            var e = VectorMath.ExpOfNegative(-a);
            k[j] = signal * ((1 + a + square * (1.0 / 3)) * e);
            if (!slopes.IsEmpty) slopes[j] = -5.0 / 6 * signal * ((1 + a) * e);
        }
    }

    /// <summary>What one hyperparameter adds to a sum of kernels: k += p(q), total += q and, unless <paramref name="slopes"/> is empty, slopes = p'(q).</summary>
    public static void AddPart(ReadOnlySpan<double> q, double signal, Span<double> total, Span<double> k, Span<double> slopes)
    {
        ref var from = ref MemoryMarshal.GetReference(q);
        ref var to = ref MemoryMarshal.GetReference(k);
        ref var toTotal = ref MemoryMarshal.GetReference(total);
        ref var toSlope = ref MemoryMarshal.GetReference(slopes);
        Vector256<double> s = Vector256.Create(signal), one = Vector256.Create(1.0), quarter = Vector256.Create(0.25), slope = Vector256.Create(-0.5 * signal);
        nuint i = 0, n = (nuint)q.Length;
        for (; i + Lanes <= n; i += Lanes)
        {
            var square = Vector256.LoadUnsafe(ref from, i);
            var r = one / (one + square * quarter);
            (Vector256.LoadUnsafe(ref toTotal, i) + square).StoreUnsafe(ref toTotal, i);
            (Vector256.LoadUnsafe(ref to, i) + s * (r * r)).StoreUnsafe(ref to, i);
            if (!slopes.IsEmpty) (slope * (r * r * r)).StoreUnsafe(ref toSlope, i);
        }

        for (var j = (int)i; j < q.Length; j++)
        {
            var r = 1 / (1 + q[j] * 0.25);
            total[j] += q[j];
            k[j] += signal * (r * r);
            if (!slopes.IsEmpty) slopes[j] = -0.5 * signal * (r * r * r);
        }
    }

    /// <summary>c = row (slopes + p'(q)).</summary>
    public static void WeightedSlopes(ReadOnlySpan<double> row, ReadOnlySpan<double> slopes, ReadOnlySpan<double> q, double signal, Span<double> c)
    {
        ref var from = ref MemoryMarshal.GetReference(q);
        ref var factors = ref MemoryMarshal.GetReference(row);
        ref var known = ref MemoryMarshal.GetReference(slopes);
        ref var to = ref MemoryMarshal.GetReference(c);
        Vector256<double> one = Vector256.Create(1.0), quarter = Vector256.Create(0.25), slope = Vector256.Create(-0.5 * signal);
        nuint i = 0, n = (nuint)q.Length;
        for (; i + Lanes <= n; i += Lanes)
        {
            var r = one / (one + Vector256.LoadUnsafe(ref from, i) * quarter);
            (Vector256.LoadUnsafe(ref factors, i) * (Vector256.LoadUnsafe(ref known, i) + slope * (r * r * r))).StoreUnsafe(ref to, i);
        }

        for (var j = (int)i; j < q.Length; j++)
        {
            var r = 1 / (1 + q[j] * 0.25);
            c[j] = row[j] * (slopes[j] + -0.5 * signal * (r * r * r));
        }
    }

    /// <summary>q += weight wherever the label differs from <paramref name="label"/>.</summary>
    public static void AddMismatch(ReadOnlySpan<double> labels, double label, double weight, Span<double> q)
    {
        ref var from = ref MemoryMarshal.GetReference(labels);
        ref var to = ref MemoryMarshal.GetReference(q);
        Vector256<double> l = Vector256.Create(label), w = Vector256.Create(weight);
        nuint i = 0, n = (nuint)labels.Length;
        for (; i + Lanes <= n; i += Lanes)
        {
            var added = Vector256.AndNot(w, Vector256.Equals(Vector256.LoadUnsafe(ref from, i), l));
            (Vector256.LoadUnsafe(ref to, i) + added).StoreUnsafe(ref to, i);
        }

        for (var j = (int)i; j < labels.Length; j++) q[j] += labels[j] == label ? 0 : weight;
    }

    /// <summary>The sum of c[i] where the label differs from <paramref name="label"/>.</summary>
    public static double WeightedMismatch(ReadOnlySpan<double> c, ReadOnlySpan<double> labels, double label)
    {
        ref var from = ref MemoryMarshal.GetReference(labels);
        ref var factors = ref MemoryMarshal.GetReference(c);
        var l = Vector256.Create(label);
        var s = Vector256<double>.Zero;
        nuint i = 0, n = (nuint)labels.Length;
        for (; i + Lanes <= n; i += Lanes)
            s += Vector256.AndNot(Vector256.LoadUnsafe(ref factors, i), Vector256.Equals(Vector256.LoadUnsafe(ref from, i), l));
        var sum = VectorMath.Sum(s);
        for (var j = (int)i; j < labels.Length; j++) sum += labels[j] == label ? 0 : c[j];
        return sum;
    }
}
