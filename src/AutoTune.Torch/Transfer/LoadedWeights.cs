using System.Collections.Immutable;

namespace AutoTune;

/// <summary>What was loaded of a saved network, and what was not.</summary>
/// <param name="Loaded">The tensors that were loaded, by name.</param>
/// <param name="OtherShapes">Those of the same name and another shape, such as a head for other classes; they stay as they were.</param>
/// <param name="Missing">Those of the network that the file has not; they stay as they were.</param>
/// <param name="Unused">Those of the file that the network has not.</param>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record LoadedWeights(ImmutableArray<string> Loaded, ImmutableArray<string> OtherShapes, ImmutableArray<string> Missing, ImmutableArray<string> Unused)
{
    /// <summary>Whether all was loaded.</summary>
    public bool IsWhole => OtherShapes.IsEmpty && Missing.IsEmpty && Unused.IsEmpty;

    /// <summary>In words.</summary>
    public override string ToString()
    {
        string Part(string what, ImmutableArray<string> names) => names.IsEmpty ? "" : $"; {what}: {string.Join(", ", names)}";
        return $"{Loaded.Length} tensors loaded{Part("of another shape, left as they were", OtherShapes)}{Part("not in the file, left as they were", Missing)}{Part("in the file alone", Unused)}";
    }
}
