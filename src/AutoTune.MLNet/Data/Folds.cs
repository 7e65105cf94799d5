using System.Collections.Immutable;

namespace AutoTune.MLNet;

/// <summary>Deals rows into folds of nearly equal size.</summary>
internal static class Folds
{
    /// <summary>At random.</summary>
    /// <returns>The fold of each row, from 0.</returns>
    public static ImmutableArray<int> Random(int rows, int folds, RandomSource random) => Deal(Shuffled(Enumerable.Range(0, rows), random), rows, folds);

    /// <summary>So that each fold has its share of every class, or of low, middle and high values of a number.</summary>
    /// <param name="labels">The label of each row; NaN counts as a class of its own.</param>
    /// <param name="isContinuous">Whether the label is a number to be spread rather than a class.</param>
    /// <param name="folds">How many folds.</param>
    /// <param name="random">The randomness.</param>
    public static ImmutableArray<int> Stratified(ImmutableArray<double> labels, bool isContinuous, int folds, RandomSource random)
    {
        // Rows in a random order, then sorted by label (stably): neighbours are alike, and each run of as many rows as there are folds is
        // dealt one to each fold.
        var order = Shuffled(Enumerable.Range(0, labels.Length), random).OrderBy(row => labels[row]).ToArray();
        if (!isContinuous) return Deal(order, labels.Length, folds);
        for (var start = 0; start < order.Length; start += folds) random.Shuffle(order.AsSpan(start, Math.Min(folds, order.Length - start)));
        return Deal(order, labels.Length, folds);
    }

    /// <summary>So that rows of the same group are in the same fold: the largest groups first, each into the fold with the fewest rows.</summary>
    /// <param name="groups">The group of each row; missing ones (NaN) are groups of one row.</param>
    /// <param name="folds">How many folds.</param>
    /// <param name="random">The randomness.</param>
    public static ImmutableArray<int> Grouped(ImmutableArray<double> groups, int folds, RandomSource random)
    {
        var members = Enumerable.Range(0, groups.Length)
            .GroupBy(row => double.IsNaN(groups[row]) ? (Group: 0.0, Lone: row) : (Group: groups[row], Lone: -1))
            .Select(group => group.ToArray()).ToArray();
        random.Shuffle(members.AsSpan());
        var sizes = new int[folds];
        var foldOf = new int[groups.Length];
        foreach (var group in members.OrderByDescending(group => group.Length))
        {
            var smallest = Array.IndexOf(sizes, sizes.Min());
            sizes[smallest] += group.Length;
            foreach (var row in group) foldOf[row] = smallest;
        }

        return [.. foldOf];
    }

    /// <summary>How many groups there are, those of one row with a missing group included.</summary>
    public static int GroupCount(ImmutableArray<double> groups)
        => groups.Where(group => !double.IsNaN(group)).Distinct().Count() + groups.Count(double.IsNaN);

    private static ImmutableArray<int> Deal(int[] order, int rows, int folds)
    {
        var foldOf = new int[rows];
        for (var i = 0; i < order.Length; i++) foldOf[order[i]] = i % folds;
        return [.. foldOf];
    }

    private static int[] Shuffled(IEnumerable<int> rows, RandomSource random)
    {
        var shuffled = rows.ToArray();
        random.Shuffle(shuffled.AsSpan());
        return shuffled;
    }
}
