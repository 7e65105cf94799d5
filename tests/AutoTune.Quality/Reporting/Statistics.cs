namespace AutoTune.Quality.Reporting;

/// <summary>The middle and the quarters of some numbers.</summary>
/// <param name="Lower">A quarter lies below.</param>
/// <param name="Median">Half lies below.</param>
/// <param name="Upper">A quarter lies above.</param>
internal readonly record struct Quartiles(double Lower, double Median, double Upper)
{
    /// <summary>Those of some numbers, with linear interpolation between neighbours (type 7 of Hyndman and Fan 1996, NumPy's default).</summary>
    public static Quartiles Of(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToArray();
        return sorted.Length == 0 ? new(double.NaN, double.NaN, double.NaN) : new(Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75));
    }

    /// <summary>The number below which a share of sorted numbers lies.</summary>
    public static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var (below, above) = (sorted[(int)Math.Floor(position)], sorted[(int)Math.Ceiling(position)]);
        return below == above ? below : below + (position - Math.Floor(position)) * (above - below); // two infinities have no difference
    }
}

/// <summary>Ranks with ties shared: the best is 1, two that are equally good on places 2 and 3 are both 2.5.</summary>
internal static class Ranks
{
    // Regrets are shares of the way from the reference to the best; less than this is a tie (losses in files have seven digits).
    private const double Tie = 1e-9;

    /// <summary>The rank of each number, the lowest first.</summary>
    public static double[] Of(IReadOnlyList<double> numbers)
        => [.. numbers.Select(mine => 0.5 + numbers.Sum(other => IsTie(mine, other) ? 0.5 : other < mine ? 1.0 : 0.0))];

    /// <summary>Whether two regrets count as equal.</summary>
    public static bool IsTie(double one, double other) => one == other || Math.Abs(one - other) <= Tie;
}
