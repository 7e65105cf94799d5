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

    internal bool Holds(double parentCode) => Codes.Contains(parentCode); // an inactive parent is NaN: never contained

    /// <inheritdoc/>
    public override string ToString() => $"{Parent.Name} = {string.Join(" or ", Labels)}";
}
