using System.Collections.Immutable;

namespace AutoTune;

/// <summary>The architecture of a cell: a directed graph without circles, with an operation on each edge.</summary>
/// <param name="Nodes">How many nodes there are: node 0 is the cell's input, the last its output; a node is the sum of what its edges bring.</param>
/// <param name="Edges">The edges, those into the same node together; an edge without an operation (none) is left out.</param>
/// <exception cref="ArgumentException">An edge does not lead to a later node of the graph, or has no operation.</exception>
/// <remarks>Immutable, compared by value, thread-safe.</remarks>
public sealed record CellGraph(int Nodes, ImmutableArray<CellEdge> Edges)
{
    /// <summary>The edges, those into the same node together.</summary>
    public ImmutableArray<CellEdge> Edges { get; } = Checked(Nodes, Edges);

    /// <summary>The edges into a node, from the first node on.</summary>
    /// <param name="node">The node, from 1 to the last.</param>
    public ImmutableArray<CellEdge> Into(int node) => [.. Edges.Where(edge => edge.To == node)];

    /// <inheritdoc/>
    public bool Equals(CellGraph? other) => other is not null && Nodes == other.Nodes && Edges.SequenceEqual(other.Edges);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Nodes, Edges.Length);

    /// <summary>For example <c>1: conv(0); 2: skip(0) + conv(1)</c>: of each node what it sums.</summary>
    public override string ToString() => string.Join("; ", Enumerable.Range(1, Math.Max(0, Nodes - 1)).Select(node =>
        FormattableString.Invariant($"{node}: {string.Join(" + ", Into(node).Select(edge => FormattableString.Invariant($"{edge.Operation}({edge.From})")).DefaultIfEmpty("nothing"))}")));

    private static ImmutableArray<CellEdge> Checked(int nodes, ImmutableArray<CellEdge> edges)
    {
        if (edges.IsDefault) return [];
        foreach (var (from, to, operation) in edges)
        {
            if (from < 0 || to <= from || to >= nodes || operation is null)
                throw new ArgumentException(FormattableString.Invariant($"The edge {from}-{to} of '{operation}' is none of a graph of {nodes} nodes: it leads from node 0 or more to a later one, {nodes - 1} at most, and has an operation."), nameof(edges));
        }

        return edges;
    }
}

/// <summary>An edge of a <see cref="CellGraph"/>: an operation from one node to a later one.</summary>
/// <param name="From">The node whose value goes in.</param>
/// <param name="To">The node to which the result is added.</param>
/// <param name="Operation">The operation, such as "conv3x3".</param>
public readonly record struct CellEdge(int From, int To, string Operation);
