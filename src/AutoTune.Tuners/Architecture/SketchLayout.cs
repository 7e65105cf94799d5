using AutoTune.Spaces;

namespace AutoTune.Tuners.Architecture;

/// <summary>From points of a space to what the surrogate sees of them.</summary>
/// <remarks>
/// What is not part of a cell is a number from -1 to 1 if it is ordered, and one number a value, 1 of its own and 0 of the others, if it is not (of up to 64 values);
/// all 0 where it does not exist, which is one more number, 1 or 0, for what may not. Immutable.
/// </remarks>
internal sealed class SketchLayout
{
    private const int MostLabels = 64;
    private readonly SearchSpace _space;
    private readonly Slots[] _cells;
    private readonly int[] _rest; // dimensions
    private readonly int _restSize;

    /// <exception cref="InvalidOperationException">A cell is not of this space.</exception>
    public SketchLayout(SearchSpace space, IReadOnlyList<TunableCell> cells)
    {
        _space = space;
        var dimensions = space.Encoding.Dimensions;
        var isOfCell = new bool[dimensions.Length];
        _cells = new Slots[cells.Count];
        for (var c = 0; c < _cells.Length; c++)
        {
            var cell = cells[c];
            var operations = cell.Slots.SelectMany(slot => slot.Operation.Choices).Distinct(StringComparer.Ordinal).ToList();
            var edges = cell.Slots.Select(slot =>
            {
                var at = IndexOf(space, cell, slot.Operation);
                isOfCell[at] = true;
                return (slot.From, slot.To, at, slot.Operation.Choices.Select(operations.IndexOf).ToArray());
            }).ToArray();
            _cells[c] = new Slots(cell.Nodes, edges, cell.None is { } none ? operations.IndexOf(none) : -1, cell.Skip is { } skip ? operations.IndexOf(skip) : -1, operations.Count + 2);
        }

        _rest = [.. Enumerable.Range(0, dimensions.Length).Where(j => !isOfCell[j] && dimensions[j].Levels != 1)];
        _restSize = _rest.Sum(j => Width(dimensions[j]));
    }

    /// <summary>How many numbers there are beside the cells.</summary>
    public int RestSize => _restSize;

    /// <summary>Of each cell how many kinds of nodes its forms have.</summary>
    public IEnumerable<int> Kinds => _cells.Select(cell => cell.Kinds);

    /// <summary>What a configuration looks like.</summary>
    public Sketch Of(Configuration configuration)
    {
        var unit = new double[_space.Encoding.Dimensions.Length];
        var active = new bool[unit.Length];
        _space.Encoding.Encode(configuration, unit, active);
        return Of(unit, active);
    }

    /// <summary>What a settled point looks like.</summary>
    public Sketch Of(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active)
    {
        var forms = new CellForm?[_cells.Length];
        ulong key = 0;
        var isConnected = true;
        for (var c = 0; c < _cells.Length; c++)
        {
            var there = new List<(int, int, int)>();
            foreach (var (from, to, dimension, operations) in _cells[c].Edges)
            {
                if (active[dimension]) there.Add((from, to, operations[Math.Min((int)(unit[dimension] * operations.Length), operations.Length - 1)]));
            }

            key = CellForm.Mix(key + 1);
            if (there.Count == 0) continue;
            forms[c] = CellForm.Of(_cells[c].Nodes, there, _cells[c].None, _cells[c].Skip);
            key = CellForm.Mix(key ^ forms[c]!.Key);
            isConnected &= forms[c]!.IsConnected;
        }

        var rest = new double[_restSize];
        var at = 0;
        foreach (var j in _rest)
        {
            var encoded = _space.Encoding.Dimensions[j];
            var width = Width(encoded);
            key = CellForm.Mix(key ^ (active[j] ? BitConverter.DoubleToUInt64Bits(unit[j]) : 1));
            if (active[j])
            {
                if (IsLabels(encoded)) rest[at + Math.Min((int)(unit[j] * encoded.Levels!.Value), (int)encoded.Levels.Value - 1)] = 1;
                else rest[at] = 2 * unit[j] - 1;
                if (encoded.Hyperparameter.ActiveWhen is not null) rest[at + width - 1] = 1;
            }

            at += width;
        }

        return new Sketch(forms, rest, key, isConnected);
    }

    // By name, as a space that a program makes anew when it resumes its study has other handles.
    private static int IndexOf(SearchSpace space, TunableCell cell, Hyperparameter<string> operation)
    {
        var own = space.Hyperparameters.FirstOrDefault(h => h.Name == operation.Name && h.Domain.Equals(operation.Domain));
        return own?.Index ?? throw new InvalidOperationException($"Cell '{cell.Name}': its choice '{operation.Name}' is not in the study's space; give UseArchitectureSearch the cells that were declared in the space of WithSearchSpace.");
    }

    private static bool IsLabels(EncodedDimension encoded) => !encoded.IsOrdered && encoded.Levels <= MostLabels;

    private static int Width(EncodedDimension encoded) => (IsLabels(encoded) ? (int)encoded.Levels!.Value : 1) + (encoded.Hyperparameter.ActiveWhen is null ? 0 : 1);

    private sealed record Slots(int Nodes, (int From, int To, int Dimension, int[] Operations)[] Edges, int None, int Skip, int Kinds);
}
