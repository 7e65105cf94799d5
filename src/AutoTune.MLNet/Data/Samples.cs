using System.Collections.Immutable;

namespace AutoTune.MLNet;

/// <summary>Deals the rows that are fitted on to growing samples: the first holds a step's share of them, each later one holds those before it.</summary>
internal static class Samples
{
    /// <param name="isTraining">For each row whether it is fitted on.</param>
    /// <param name="steps">The step at which all rows are there.</param>
    /// <param name="labels">The label of each row, if each sample is to have its share of every label; else null.</param>
    /// <param name="isContinuous">Whether the label is a number rather than a class.</param>
    /// <param name="groups">The group of each row, if rows of a group come together; else null.</param>
    /// <param name="random">The randomness.</param>
    /// <returns>For each row the step from which on samples have it, from 1; 0 for rows that are not fitted on.</returns>
    public static ImmutableArray<int> Deal(
        ImmutableArray<bool> isTraining, int steps, ImmutableArray<double>? labels, bool isContinuous, ImmutableArray<double>? groups, RandomSource random)
    {
        int[] rows = [.. Enumerable.Range(0, isTraining.Length).Where(row => isTraining[row])];
        var pieces = groups is { } group ? Folds.Grouped([.. rows.Select(row => group[row])], steps, random)
            : labels is not { } label ? Folds.Random(rows.Length, steps, random)
            : isContinuous ? Folds.Stratified([.. rows.Select(row => label[row])], isContinuous: true, steps, random)
            : ByClass([.. rows.Select(row => label[row])], steps, random);
        var first = new int[isTraining.Length];
        for (var i = 0; i < rows.Length; i++) first[rows[i]] = pieces[i] + 1;
        return [.. first];
    }

    /// <summary>
    /// Each class is dealt by itself, beginning with the first piece: so every class is in every sample, however rare. A pipeline that makes its
    /// label a key would not know the others.
    /// </summary>
    private static ImmutableArray<int> ByClass(ImmutableArray<double> labels, int steps, RandomSource random)
    {
        int[] order = [.. Enumerable.Range(0, labels.Length)];
        random.Shuffle(order.AsSpan());
        var pieces = new int[labels.Length];
        foreach (var members in order.GroupBy(row => labels[row]))
        {
            var rank = 0;
            foreach (var row in members) pieces[row] = rank++ % steps;
        }

        return [.. pieces];
    }
}
