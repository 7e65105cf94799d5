using System.Collections.Immutable;

namespace AutoTune.Quality.Problems;

/// <summary>Which choices of a problem are the edges of a cell.</summary>
internal static class ProblemCells
{
    // Of the cell's string |op0~0|+|op1~0|op2~1|+|op3~0|op4~1|op5~2| (Dong and Yang 2020): the choices in the order of the string, node by node.
    private static readonly (int From, int To)[] NasBench201 = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)];

    /// <summary>The cells of a problem; empty where it has none. Known from the problem's definition, not from its losses.</summary>
    public static ImmutableArray<TunableCell> Of(Problem problem, SearchSpace space)
    {
        if (!problem.Name.StartsWith("nasbench201-", StringComparison.Ordinal)) return [];
        return [TunableCell.Over("cell", NasBench201.Select((edge, i) =>
            new CellSlot(edge.From, edge.To, space.Hyperparameters.OfType<Hyperparameter<string>>().First(choice => choice.Name == FormattableString.Invariant($"Op{i}")))),
            none: "none", skip: "skip_connect")];
    }
}
