using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AutoTune.Tuners.Numerics;

/// <summary>
/// The factor L of a symmetric positive definite matrix A = L L', and what is solved with it.
/// </summary>
/// <remarks>
/// <code>
/// A, L      n x n, row by row, only the lower triangle is read or written; row i begins at i * stride
/// panel     64 columns: factored, then subtracted from the rest (right-looking), so that the work stays in the cache
/// tile      4 rows by 4 rows of a panel: 16 dot products for 8 loads
/// </code>
/// Written here because a surrogate refits for every trial: n = 500 takes about 5 ms, MathNet's managed factorisation 28 ms.
/// </remarks>
internal static class Cholesky
{
    private const int Panel = 64;
    private const int Tile = 4;

    /// <summary>Replaces the lower triangle of A by L.</summary>
    /// <returns>False if a pivot is not positive: A is not positive definite to working precision, and its content is lost.</returns>
    public static bool TryFactor(Span<double> a, int n, int stride)
    {
        for (var from = 0; from < n; from += Panel)
        {
            var to = Math.Min(from + Panel, n);
            for (var i = from; i < n; i++)
            {
                var row = a.Slice(i * stride + from, Math.Min(i, to - 1) - from + 1);
                for (var j = 0; j < row.Length; j++)
                {
                    var other = a.Slice((from + j) * stride + from, j + 1);
                    var rest = row[j] - VectorMath.Dot(row[..j], other[..j]);
                    if (from + j < i)
                    {
                        row[j] = rest / other[j];
                    }
                    else
                    {
                        if (!(rest > 0) || !double.IsFinite(rest)) return false;
                        row[j] = Math.Sqrt(rest);
                    }
                }
            }

            Subtract(a, n, stride, from, to);
        }

        return true;
    }

    /// <summary>Solves L x = b in place. The first <paramref name="zeros"/> entries of b are known to be zero.</summary>
    public static void Forward(ReadOnlySpan<double> l, int n, int stride, Span<double> b, int zeros = 0)
    {
        for (var i = zeros; i < n; i++)
        {
            var row = l.Slice(i * stride, i + 1);
            b[i] = (b[i] - VectorMath.Dot(row[zeros..i], b[zeros..i])) / row[i];
        }
    }

    /// <summary>Solves L x = b for four right-hand sides at once.</summary>
    public static void Forward4(ReadOnlySpan<double> l, int n, int stride, Span<double> b0, Span<double> b1, Span<double> b2, Span<double> b3, int zeros = 0)
    {
        Span<double> sums = stackalloc double[4];
        for (var i = zeros; i < n; i++)
        {
            var row = l.Slice(i * stride, i + 1);
            VectorMath.Dot4(row[zeros..i], b0[zeros..i], b1[zeros..i], b2[zeros..i], b3[zeros..i], sums);
            var pivot = row[i];
            b0[i] = (b0[i] - sums[0]) / pivot;
            b1[i] = (b1[i] - sums[1]) / pivot;
            b2[i] = (b2[i] - sums[2]) / pivot;
            b3[i] = (b3[i] - sums[3]) / pivot;
        }
    }

    /// <summary>Solves L' x = b in place.</summary>
    public static void Backward(ReadOnlySpan<double> l, int n, int stride, Span<double> b)
    {
        for (var i = n - 1; i >= 0; i--)
        {
            var row = l.Slice(i * stride, i + 1);
            b[i] /= row[i];
            VectorMath.AddScaled(row[..i], -b[i], b[..i]);
        }
    }

    /// <summary>Half the logarithm of the determinant of A: the sum of the logarithms of L's diagonal.</summary>
    public static double HalfLogDeterminant(ReadOnlySpan<double> l, int n, int stride)
    {
        var sum = 0.0;
        for (var i = 0; i < n; i++) sum += AutoTune.Spaces.PortableMath.Log(l[i * stride + i]);
        return sum;
    }

    /// <summary>Writes the transpose of L's inverse, row by row with zeros before the diagonal.</summary>
    public static void InverseTransposed(ReadOnlySpan<double> l, int n, int stride, Span<double> m)
    {
        m[..(n * stride)].Clear();
        for (var i = 0; i < n; i++) m[i * stride + i] = 1;
        var row = 0;
        for (; row + 4 <= n; row += 4)
        {
            Forward4(l, n, stride, m.Slice(row * stride, n), m.Slice((row + 1) * stride, n), m.Slice((row + 2) * stride, n), m.Slice((row + 3) * stride, n), row);
        }

        for (; row < n; row++) Forward(l, n, stride, m.Slice(row * stride, n), row);
    }

    /// <summary>The 16 dot products of four rows with four rows, from column <paramref name="from"/> to <paramref name="to"/>.</summary>
    public static void DotTile(ReadOnlySpan<double> a, int row, int column, int stride, int from, int to, Span<double> sums)
    {
        ref var x = ref Unsafe(a, row * stride + from);
        ref var y = ref Unsafe(a, column * stride + from);
        nuint s1 = (nuint)stride, s2 = 2 * s1, s3 = 3 * s1, k = 0, n = (nuint)(to - from);
        Vector256<double> c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
        Vector256<double> c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
        for (; k + 4 <= n; k += 4)
        {
            var y0 = Vector256.LoadUnsafe(ref y, k);
            var y1 = Vector256.LoadUnsafe(ref y, k + s1);
            var y2 = Vector256.LoadUnsafe(ref y, k + s2);
            var y3 = Vector256.LoadUnsafe(ref y, k + s3);
            var v = Vector256.LoadUnsafe(ref x, k);
            c00 = Vector256.FusedMultiplyAdd(v, y0, c00);
            c01 = Vector256.FusedMultiplyAdd(v, y1, c01);
            c02 = Vector256.FusedMultiplyAdd(v, y2, c02);
            c03 = Vector256.FusedMultiplyAdd(v, y3, c03);
            v = Vector256.LoadUnsafe(ref x, k + s1);
            c10 = Vector256.FusedMultiplyAdd(v, y0, c10);
            c11 = Vector256.FusedMultiplyAdd(v, y1, c11);
            c12 = Vector256.FusedMultiplyAdd(v, y2, c12);
            c13 = Vector256.FusedMultiplyAdd(v, y3, c13);
            v = Vector256.LoadUnsafe(ref x, k + s2);
            c20 = Vector256.FusedMultiplyAdd(v, y0, c20);
            c21 = Vector256.FusedMultiplyAdd(v, y1, c21);
            c22 = Vector256.FusedMultiplyAdd(v, y2, c22);
            c23 = Vector256.FusedMultiplyAdd(v, y3, c23);
            v = Vector256.LoadUnsafe(ref x, k + s3);
            c30 = Vector256.FusedMultiplyAdd(v, y0, c30);
            c31 = Vector256.FusedMultiplyAdd(v, y1, c31);
            c32 = Vector256.FusedMultiplyAdd(v, y2, c32);
            c33 = Vector256.FusedMultiplyAdd(v, y3, c33);
        }

        sums[0] = VectorMath.Sum(c00);
        sums[1] = VectorMath.Sum(c01);
        sums[2] = VectorMath.Sum(c02);
        sums[3] = VectorMath.Sum(c03);
        sums[4] = VectorMath.Sum(c10);
        sums[5] = VectorMath.Sum(c11);
        sums[6] = VectorMath.Sum(c12);
        sums[7] = VectorMath.Sum(c13);
        sums[8] = VectorMath.Sum(c20);
        sums[9] = VectorMath.Sum(c21);
        sums[10] = VectorMath.Sum(c22);
        sums[11] = VectorMath.Sum(c23);
        sums[12] = VectorMath.Sum(c30);
        sums[13] = VectorMath.Sum(c31);
        sums[14] = VectorMath.Sum(c32);
        sums[15] = VectorMath.Sum(c33);
        for (var j = from + (int)k; j < to; j++)
        {
            for (var r = 0; r < Tile; r++)
            {
                for (var c = 0; c < Tile; c++)
                    sums[r * Tile + c] = Math.FusedMultiplyAdd(a[(row + r) * stride + j], a[(column + c) * stride + j], sums[r * Tile + c]);
            }
        }
    }

    // Everything to the right of and below a panel loses the panel's products.
    private static void Subtract(Span<double> a, int n, int stride, int from, int to)
    {
        Span<double> sums = stackalloc double[Tile * Tile];
        var i = to;
        for (; i + Tile <= n; i += Tile)
        {
            for (var j = to; j <= i; j += Tile)
            {
                DotTile(a, i, j, stride, from, to, sums);
                for (var r = 0; r < Tile; r++)
                {
                    var row = a.Slice((i + r) * stride + j, Math.Min(Tile, i + r - j + 1));
                    for (var c = 0; c < row.Length; c++) row[c] -= sums[r * Tile + c];
                }
            }
        }

        for (; i < n; i++)
        {
            for (var j = to; j <= i; j++)
                a[i * stride + j] -= VectorMath.Dot(a.Slice(i * stride + from, to - from), a.Slice(j * stride + from, to - from));
        }
    }

    private static ref double Unsafe(ReadOnlySpan<double> a, int offset) => ref MemoryMarshal.GetReference(a[offset..]);
}
