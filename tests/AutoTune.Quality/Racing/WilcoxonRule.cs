using System.Collections.Concurrent;

namespace AutoTune.Quality.Racing;

/// <summary>
/// The classical rule: the signed-rank test of the repeats against those of the best completed trial, after each repeat from the second on, at the
/// level 0.1, unless the mean is the better one. Its level is a single look's.
/// </summary>
internal sealed class WilcoxonRule : IRacingRule
{
    private static readonly ConcurrentDictionary<int, double[]> Tails = [];
    private double[]? _best;

    public double? Stops(ReadOnlySpan<double> means)
    {
        if (_best is null || means.Length < 2 || means[^1] <= _best[means.Length - 1]) return null;
        Span<double> differences = stackalloc double[means.Length];
        for (var j = 0; j < means.Length; j++) differences[j] = ValueAt(means, j) - ValueAt(_best, j);
        return Chance(differences) < 0.1 ? 0 : null;
    }

    public void Complete(int trial, double[] means)
    {
        if (_best is null || means[^1] < _best[^1]) _best = means;
    }

    /// <summary>The exact chance, where signs are fair coins, of ranks of positive differences that sum to as much or more; no ties are expected.</summary>
    internal static double Chance(ReadOnlySpan<double> differences)
    {
        var n = differences.Length;
        Span<double> sizes = stackalloc double[n];
        for (var i = 0; i < n; i++) sizes[i] = Math.Abs(differences[i]);
        var order = Enumerable.Range(0, n).ToArray();
        MemoryExtensions.Sort(sizes, order.AsSpan());
        var sum = 0;
        for (var rank = 1; rank <= n; rank++)
        {
            if (differences[order[rank - 1]] > 0) sum += rank;
        }

        return Tails.GetOrAdd(n, Tail)[sum];
    }

    /// <summary>For each sum the chance of it or more among n ranks.</summary>
    private static double[] Tail(int n)
    {
        // The law of the sum: each rank is in it or not.
        var most = n * (n + 1) / 2;
        var law = new double[most + 1];
        law[0] = 1;
        for (var rank = 1; rank <= n; rank++)
        {
            for (var s = most; s >= 0; s--) law[s] = 0.5 * (law[s] + (s >= rank ? law[s - rank] : 0));
        }

        for (var s = most - 1; s >= 0; s--) law[s] += law[s + 1];
        return law;
    }

    private static double ValueAt(ReadOnlySpan<double> means, int j) => j == 0 ? means[0] : (j + 1) * means[j] - j * means[j - 1];
}
