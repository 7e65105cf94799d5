namespace AutoTune.Tuners.Numerics;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix.</summary>
/// <remarks>
/// <code>
/// A         symmetric, row by row                             d x d
/// V         an eigenvector a row                              d x d
/// </code>
/// Jacobi's method, row by row (Golub and Van Loan 2013, algorithm 8.5.3): rotations that make one element off the diagonal zero after the other, until none is above
/// 1e-15 of the matrix. Several times slower than a reduction to three diagonals, and a third of its length;
/// not Math.NET's, whose last digits depend on the provider that a program has chosen, while a study must not.
/// </remarks>
internal static class SymmetricEigen
{
    private const int MaxSweeps = 50;
    private const double Exact = 1e-15;

    /// <summary>Decomposes.</summary>
    /// <param name="a">A, both triangles; its diagonal receives the eigenvalues.</param>
    /// <param name="vectors">Receives V.</param>
    /// <param name="d">Rows.</param>
    public static void Decompose(Span<double> a, Span<double> vectors, int d)
    {
        vectors.Clear();
        for (var i = 0; i < d; i++) vectors[i * d + i] = 1;
        var least = Exact * Math.Sqrt(VectorMath.Dot(a, a));
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            var isDone = true;
            for (var p = 0; p < d; p++)
            {
                for (var q = p + 1; q < d; q++)
                {
                    if (!(Math.Abs(a[p * d + q]) > least)) continue;
                    isDone = false;
                    Rotate(a, vectors, d, p, q);
                }
            }

            if (isDone) return;
        }
    }

    // Rows p and q of A and V; the columns of A are copies of its rows.
    private static void Rotate(Span<double> a, Span<double> vectors, int d, int p, int q)
    {
        double pp = a[p * d + p], pq = a[p * d + q], qq = a[q * d + q];
        var ratio = (qq - pp) / (2 * pq);
        var t = (ratio >= 0 ? 1 : -1) / (Math.Abs(ratio) + Math.Sqrt(1 + ratio * ratio));
        var c = 1 / Math.Sqrt(1 + t * t);
        Turn(a.Slice(p * d, d), a.Slice(q * d, d), c, t * c);
        Turn(vectors.Slice(p * d, d), vectors.Slice(q * d, d), c, t * c);
        for (var k = 0; k < d; k++) (a[k * d + p], a[k * d + q]) = (a[p * d + k], a[q * d + k]);
        (a[p * d + p], a[q * d + q], a[p * d + q], a[q * d + p]) = (pp - t * pq, qq + t * pq, 0, 0);
    }

    private static void Turn(Span<double> first, Span<double> second, double c, double s)
    {
        for (var k = 0; k < first.Length; k++) (first[k], second[k]) = (c * first[k] - s * second[k], s * first[k] + c * second[k]);
    }
}
