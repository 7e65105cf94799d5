using System.Collections.Immutable;

namespace AutoTune;

/// <summary>A cell whose architecture is searched: a choice of operation for each edge of a small graph. Made by <c>space.AddCell</c>, or by <see cref="Over"/>.</summary>
/// <remarks>
/// To the space these are ordinary choices, so that every tuner can search it; <c>study.UseArchitectureSearch([cell])</c> knows the graph. A cell as in NAS-Bench-201
/// (Dong and Yang 2020): operations are on the edges, nodes sum. Immutable and thread-safe.
/// </remarks>
public sealed class TunableCell
{
    /// <summary>How many nodes a cell may have.</summary>
    internal const int MostNodes = 12;

    private TunableCell(string name, int nodes, ImmutableArray<CellSlot> slots, string? none, string? skip)
    {
        Name = name;
        Nodes = nodes;
        Slots = slots;
        None = none;
        Skip = skip;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How many nodes it has, the input and the output included.</summary>
    public int Nodes { get; }

    /// <summary>Its edges with their choices, those into the same node together.</summary>
    public ImmutableArray<CellSlot> Slots { get; }

    /// <summary>The operation that stands for no edge; null if there is none.</summary>
    public string? None { get; }

    /// <summary>The operation that hands its input on as it is; null if there is none.</summary>
    public string? Skip { get; }

    /// <summary>A cell over choices that a space has already.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="slots">The edges with their choices; node 0 is the input, the highest node the output.</param>
    /// <param name="none">The operation that stands for no edge; null: there is none.</param>
    /// <param name="skip">The operation that hands its input on as it is; null: there is none.</param>
    /// <exception cref="ArgumentException">The slots are no graph: none is there, one does not lead to a later node, two lead from and to the same, or a node has none that lead to it.</exception>
    public static TunableCell Over(string name, IEnumerable<CellSlot> slots, string? none = null, string? skip = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(slots);
        ImmutableArray<CellSlot> given = [.. slots];
        if (given.Any(slot => slot?.Operation is null)) throw new ArgumentException($"Cell '{name}' has a slot that is null or without a choice; give each as new CellSlot(0, 1, choice).", nameof(slots));
        ImmutableArray<CellSlot> sorted = [.. given.OrderBy(slot => slot.To).ThenBy(slot => slot.From)];
        if (sorted.IsEmpty) throw new ArgumentException($"Cell '{name}' has no edge; give at least one slot, such as new CellSlot(0, 1, choice).", nameof(slots));
        var nodes = sorted[^1].To + 1;
        if (nodes > MostNodes) throw new ArgumentException(FormattableString.Invariant($"Cell '{name}' has {nodes} nodes; it may have {MostNodes}: chain several cells for more."), nameof(slots));
        for (var i = 0; i < sorted.Length; i++)
        {
            var (from, to, operation) = sorted[i];
            if (from < 0 || to <= from) throw new ArgumentException(FormattableString.Invariant($"Cell '{name}': the slot '{operation.Name}' leads from node {from} to node {to}; it must lead from 0 or more to a later one."), nameof(slots));
            if (i > 0 && sorted[i - 1].To == to && sorted[i - 1].From == from) throw new ArgumentException(FormattableString.Invariant($"Cell '{name}' has two slots from node {from} to node {to}; give one a pair."), nameof(slots));
        }

        for (var node = 1; node < nodes; node++)
        {
            if (!sorted.Any(slot => slot.To == node)) throw new ArgumentException(FormattableString.Invariant($"Cell '{name}': no slot leads to node {node}; number the nodes without gaps."), nameof(slots));
        }

        foreach (var special in new[] { none, skip })
        {
            if (special is not null && !sorted.Any(slot => slot.Operation.Choices.Contains(special)))
                throw new ArgumentException($"Cell '{name}': '{special}' is none of its operations; name one of them, or leave it out.", nameof(slots));
        }

        if (none is not null && none == skip) throw new ArgumentException($"Cell '{name}': '{none}' is both no edge and an edge that changes nothing; it is one of them.", nameof(skip));
        return new TunableCell(name, nodes, sorted, none, skip);
    }

    /// <summary>The architecture of a configuration; an edge whose choice is inactive there is left out.</summary>
    /// <param name="configuration">A configuration of the space in which the cell was declared.</param>
    /// <exception cref="InvalidOperationException">The configuration is of another space.</exception>
    public CellGraph Of(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var edges = ImmutableArray.CreateBuilder<CellEdge>();
        foreach (var (from, to, handle) in Slots)
        {
            if (configuration.TryGet(handle, out var operation) && operation != None) edges.Add(new CellEdge(from, to, operation));
        }

        return new CellGraph(Nodes, edges.ToImmutable());
    }

    /// <summary>For example <c>cell (4 nodes, 6 edges)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} ({Nodes} nodes, {Slots.Length} edges)");
}

/// <summary>A place for an operation in a <see cref="TunableCell"/>.</summary>
/// <param name="From">The node whose value goes in.</param>
/// <param name="To">The node to which the result is added.</param>
/// <param name="Operation">The choice of what it is.</param>
public sealed record CellSlot(int From, int To, Hyperparameter<string> Operation);
