using System.Collections.Immutable;

namespace AutoTune;

/// <summary>One of several choices, named by their labels.</summary>
/// <param name="Labels">The choices' labels, in order; the code of a choice is its index here.</param>
/// <param name="Ordered">Whether neighbouring choices are alike, as in small, medium, large.</param>
public sealed record ChoiceDomain(ImmutableArray<string> Labels, bool Ordered = false) : Domain
{
    /// <summary>The choices' labels, in order; the code of a choice is its index here.</summary>
    public ImmutableArray<string> Labels { get; } = Labels.IsDefault ? [] : Labels;

    /// <inheritdoc/>
    public override long? Cardinality => Labels.Length;

    /// <inheritdoc/>
    public override bool IsOrdered => Ordered;

    /// <inheritdoc/>
    public override bool Contains(double code) => code >= 0 && code < Labels.Length && code == Math.Floor(code);

    /// <inheritdoc/>
    public override string Format(double code) => Labels[(int)code];

    /// <inheritdoc/>
    public bool Equals(ChoiceDomain? other) => other is not null && Ordered == other.Ordered && Labels.SequenceEqual(other.Labels);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Labels.Length, Ordered);

    internal override double FromUnit(double unit) => BinIndex(unit, Labels.Length);

    internal override double ToUnit(double code) => BinCentre(code, Labels.Length);

    internal override IEnumerable<string> Problems()
    {
        if (Labels.Length == 0) yield return "it has no choices; give at least one.";
        foreach (var twice in Labels.GroupBy(label => label, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return $"the choice '{twice.Key}' is there {twice.Count()} times; give each choice once (choices are told apart by their text).";
    }
}
