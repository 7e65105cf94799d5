namespace AutoTune;

/// <summary>Cells in a space.</summary>
public static class CellSpaceExtensions
{
    /// <summary>Adds a cell whose architecture is searched: a choice of operation for each pair of nodes, named <c>cell.0-1</c>, <c>cell.0-2</c> and so on.</summary>
    /// <param name="space">The space.</param>
    /// <param name="name">Its name.</param>
    /// <param name="nodes">How many nodes, input and output included; from 2 to 12.</param>
    /// <param name="operations">The operations, at least one.</param>
    /// <param name="none">Which of them stands for no edge; null: each pair of nodes has an edge.</param>
    /// <param name="skip">Which of them hands its input on as it is; null: none does.</param>
    /// <param name="activeWhen">When the cell exists; null: always.</param>
    /// <returns>The cell: <c>cell.Of(configuration)</c> is the architecture.</returns>
    /// <remarks>The default of each edge is the first operation that is neither none nor skip. With <paramref name="none"/> and <paramref name="skip"/> known, cells that are equal in function are recognised.</remarks>
    /// <exception cref="ArgumentException">The number of nodes is out of its range, or none or skip is not an operation.</exception>
    public static TunableCell AddCell(this SearchSpaceBuilder space, string name, int nodes, IReadOnlyList<string> operations, string? none = null, string? skip = null, Condition? activeWhen = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(operations);
        if (nodes is < 2 or > TunableCell.MostNodes)
            throw new ArgumentOutOfRangeException(nameof(nodes), nodes, FormattableString.Invariant($"Cell '{name}' must have from 2 to {TunableCell.MostNodes} nodes; chain several cells for more."));
        var nest = space.Nest(name, activeWhen);
        var usual = operations.Where(operation => operation != none && operation != skip).Append(operations.Count > 0 ? operations[0] : "").First();
        var slots = new List<CellSlot>();
        for (var to = 1; to < nodes; to++)
        {
            for (var from = 0; from < to; from++)
            {
                var edge = FormattableString.Invariant($"{from}-{to}");
                slots.Add(new CellSlot(from, to, operations.Count == 0 ? nest.AddCategorical(edge, operations) : nest.AddCategorical(edge, operations, usual)));
            }
        }

        return TunableCell.Over(name, slots, none, skip);
    }
}
