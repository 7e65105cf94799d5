namespace AutoTune.Torch.Finding;

/// <summary>Reads places off a smoothed curve of losses over rates that grow by a factor.</summary>
internal static class CurveRules
{
    /// <summary>Below which share of its first value a loss has fallen. Chosen, because a hundredth is what noise of a hundred batches moves it.</summary>
    public const double LeastFall = .99;

    /// <summary>The first index at which a fifth of the whole fall is behind.</summary>
    /// <remarks>
    /// Chosen, because a smoothed curve falls a little from its first, far too small rates on, which pulls the middle of the way down there: on Fashion-MNIST (a hidden
    /// layer of 128, three seeds, momentum and AdamW) it lay at 3e-5 to 4e-4 from the beginning, where 3e-3 to 1e-1 trains best; from here at 2e-3 to 2e-2.
    /// </remarks>
    public static int UnderWay(ReadOnlySpan<double> losses, int lowest)
    {
        var at = 0;
        while (losses[at] > losses[0] - .2 * (losses[0] - losses[lowest])) at++;
        return at;
    }

    /// <summary>The first and last index of the longest run of losses each below those before it, others between them left out (the longest decreasing subsequence).</summary>
    public static (int From, int To) Valley(ReadOnlySpan<double> losses)
    {
        Span<int> length = new int[losses.Length], first = new int[losses.Length];
        var best = 0;
        for (var i = 0; i < losses.Length; i++)
        {
            (length[i], first[i]) = (1, i);
            for (var j = 0; j < i; j++)
            {
                if (losses[j] <= losses[i] || length[j] + 1 < length[i]) continue;
                // Of equally long ways the one that begins last: what is flat before it is no way down.
                if (length[j] + 1 > length[i] || first[j] > first[i]) (length[i], first[i]) = (length[j] + 1, first[j]);
            }

            if (length[i] > length[best]) best = i;
        }

        return (first[best], best);
    }

    /// <summary>Where the curve falls fastest between two places, by central differences: rates grow by a factor, so the index is their logarithm.</summary>
    public static int Steepest(ReadOnlySpan<double> losses, int from, int lowest)
    {
        var (best, slope) = (from, double.PositiveInfinity);
        for (var i = Math.Max(from, 1); i < lowest; i++)
        {
            var here = losses[i + 1] - losses[i - 1];
            if (here < slope) (best, slope) = (i, here);
        }

        return best;
    }
}
