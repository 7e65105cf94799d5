using System.Collections.Immutable;

namespace AutoTune;

/// <summary>What a search for the largest batch found.</summary>
/// <param name="Largest">The largest size that fitted.</param>
/// <param name="Tries">The sizes that were tried, and whether each fitted.</param>
/// <param name="Reason">Why it is the largest, in words.</param>
/// <remarks>Immutable and thread-safe. <c>space.AddInteger("batch", 8, found.Largest, Scale.Log)</c> makes a range of it.</remarks>
public sealed record BatchSizeSearch(int Largest, ImmutableArray<(int Size, bool Fits)> Tries, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Reason;
}
