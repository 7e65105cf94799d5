using System.Collections.Immutable;

namespace AutoTune;

/// <summary>When a hyperparameter exists: its parent is active and has one of the given values. Made by <see cref="Hyperparameter{T}.Is"/>.</summary>
/// <remarks>Immutable and thread-safe. Nested conditions come about by a parent that is itself conditional.</remarks>
public sealed class Condition
{
    internal Condition(Hyperparameter parent, ImmutableArray<double> codes, ImmutableArray<string> labels)
    {
        Parent = parent;
        Codes = codes;
        Labels = labels;
    }

    /// <summary>The hyperparameter that decides.</summary>
    public Hyperparameter Parent { get; }

    /// <summary>The texts of the values that make it hold.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>The values' codes; NaN marks one that the parent cannot take, which the builder reports.</summary>
    internal ImmutableArray<double> Codes { get; }

    internal bool Holds(double parentCode)
    {
        foreach (var code in Codes)
        {
            if (code == parentCode) return true; // an inactive parent is NaN, which equals nothing
        }

        return false;
    }

    /// <summary>Whether this one can hold only where <paramref name="other"/> holds, the conditions of its parents included.</summary>
    internal bool Implies(Condition other)
    {
        for (var at = this; at is not null; at = at.Parent.ActiveWhen)
        {
            if (ReferenceEquals(at.Parent, other.Parent) && at.Codes.All(other.Holds)) return true;
        }

        return false;
    }

    /// <summary>Whether it names the same values of a parent of the same name, in whatever order.</summary>
    internal bool IsLike(Condition? other)
        => other is not null && Parent.Name == other.Parent.Name && Labels.Order(StringComparer.Ordinal).SequenceEqual(other.Labels.Order(StringComparer.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => $"{Parent.Name} = {string.Join(" or ", Labels)}";
}
