using System.Collections.Immutable;

namespace AutoTune.Quality.Problems;

/// <summary>What kind of values a hyperparameter of a problem takes.</summary>
internal enum ValueKind
{
    /// <summary>Real numbers.</summary>
    Real,

    /// <summary>Whole numbers.</summary>
    Integer,

    /// <summary>Numbers from an ascending list.</summary>
    Ordinal,

    /// <summary>Texts without order.</summary>
    Categorical,
}

/// <summary>A hyperparameter of a problem.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Low">The smallest value; 0 for a list.</param>
/// <param name="High">The largest value; the last index for a list.</param>
/// <param name="IsLog">Whether it works by factors.</param>
/// <param name="Choices">The texts of a list; empty for a range.</param>
/// <param name="Numbers">The numbers of an ordinal list; empty otherwise.</param>
/// <param name="Parent">Exists only while this one has one of <paramref name="ParentValues"/>; null: always.</param>
/// <param name="ParentValues">Values of the parent, as text.</param>
internal sealed record ProblemHyperparameter(string Name, ValueKind Kind, double Low, double High, bool IsLog,
    ImmutableArray<string> Choices, ImmutableArray<double> Numbers, string? Parent, ImmutableArray<string> ParentValues)
{
    /// <summary>The number behind a value's text: the value itself, or a choice's index. NaN if it is none.</summary>
    public double Code(string text)
    {
        if (Kind == ValueKind.Categorical) return Choices.IndexOf(text) is var index and >= 0 ? index : double.NaN;
        if (!double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number)) return double.NaN;
        return Kind != ValueKind.Ordinal ? number : Numbers.IndexOf(number) is var position and >= 0 ? position : double.NaN;
    }
}
