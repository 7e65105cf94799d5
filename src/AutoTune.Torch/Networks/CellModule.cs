using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune;

/// <summary>A cell as a part of a network: a module for each edge of a <see cref="CellGraph"/>; each node is the sum of what its edges bring.</summary>
/// <remarks>
/// The modules are registered as <c>edge 0-1</c> and so on, so that their parameters are trained, moved and saved with the network. Edges that do not lead to the output have none:
/// they would never be trained. What is made on the way is disposed. Not thread-safe.
/// </remarks>
public sealed class CellModule : Module<Tensor, Tensor>
{
    private readonly int _nodes;
    private readonly (CellEdge Edge, Module<Tensor, Tensor> Module)[] _edges;

    /// <summary>A cell of an architecture.</summary>
    /// <param name="graph">The architecture: <c>cell.Of(configuration)</c>.</param>
    /// <param name="create">
    /// Makes the module of an edge; one that hands its input on is <c>Identity()</c>. All that come together at a node must give the same shape. A network of several cells makes a module a cell.
    /// </param>
    /// <param name="name">Its name among the parts of a network.</param>
    /// <exception cref="ArgumentException">No way leads from the input to the output, or a module is the same as another.</exception>
    public CellModule(CellGraph graph, Func<CellEdge, Module<Tensor, Tensor>> create, string name = "cell") : base(name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(create);
        _nodes = graph.Nodes;
        var used = Used(graph);
        if (used.Count == 0) throw new ArgumentException($"The cell ({graph}) has no way from its input to its output; leave such cells out, as UseArchitectureSearch does, or require one in the space.", nameof(graph));
        _edges = [.. used.Select(edge => (edge, create(edge)))];
        for (var i = 0; i < _edges.Length; i++)
        {
            var (edge, module) = _edges[i];
            if (_edges.Take(i).Any(other => ReferenceEquals(other.Module, module)))
                throw new ArgumentException($"The module of the edge from {edge.From} to {edge.To} is that of another edge, too; make one a call.", nameof(create));
            register_module(FormattableString.Invariant($"edge {edge.From}-{edge.To}"), module);
        }
    }

    /// <summary>The edges that lead from the input to the output: those that have a module.</summary>
    public IReadOnlyList<CellEdge> Edges => [.. _edges.Select(edge => edge.Edge)];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var values = new Tensor?[_nodes];
        values[0] = input;
        foreach (var (edge, module) in _edges)
        {
            var brought = module.call(values[edge.From]!);
            values[edge.To] = values[edge.To] is { } sum ? sum + brought : brought;
        }

        // A cell of skips alone would hand out what its caller owns.
        var output = values[^1]!;
        return (ReferenceEquals(output, input) ? output.alias() : output).MoveToOuterDisposeScope();
    }

    // Those whose source the input reaches and whose target reaches the output.
    private static List<CellEdge> Used(CellGraph graph)
    {
        bool[] reached = new bool[graph.Nodes], leads = new bool[graph.Nodes];
        reached[0] = true;
        leads[^1] = true;
        var inOrder = graph.Edges.OrderBy(edge => edge.To).ThenBy(edge => edge.From).ToList();
        foreach (var edge in inOrder) reached[edge.To] |= reached[edge.From];
        foreach (var edge in inOrder.AsEnumerable().Reverse()) leads[edge.From] |= leads[edge.To];
        return inOrder.FindAll(edge => reached[edge.From] && leads[edge.To]);
    }
}
