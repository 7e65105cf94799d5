using System.Globalization;

namespace AutoTune.Quality.Problems;

/// <summary>A configuration as evaluators read it: a number for each hyperparameter of the problem, NaN where it is inactive.</summary>
/// <param name="hyperparameters">The problem's hyperparameters.</param>
/// <param name="codes">The value of a range, the index of a choice; in the problem's order.</param>
internal sealed class Point(IReadOnlyList<ProblemHyperparameter> hyperparameters, double[] codes)
{
    /// <summary>The value of a range, the index of a choice, NaN where inactive.</summary>
    public ReadOnlySpan<double> Codes => codes;

    /// <summary>The numeric value of a range or an ordinal list.</summary>
    public double Number(string name) => Number(IndexOf(name));

    /// <summary>The numeric value of a range or an ordinal list, the index of a choice, NaN where inactive.</summary>
    public double Number(int index) => hyperparameters[index].Kind == ValueKind.Ordinal && !double.IsNaN(codes[index])
        ? hyperparameters[index].Numbers[(int)codes[index]]
        : codes[index];

    /// <summary>The text of a choice; null where inactive.</summary>
    public string? Choice(string name) => Choice(IndexOf(name));

    /// <summary>The text of a choice; null where inactive.</summary>
    public string? Choice(int index) => double.IsNaN(codes[index]) ? null : hyperparameters[index].Choices[(int)codes[index]];

    /// <summary>For messages: <c>lr=0.01, opt=adam</c>.</summary>
    public override string ToString() => string.Join(", ", Enumerable.Range(0, codes.Length).Where(i => !double.IsNaN(codes[i]))
        .Select(i => $"{hyperparameters[i].Name}={(hyperparameters[i].Choices.IsEmpty ? codes[i].ToString("R", CultureInfo.InvariantCulture) : Choice(i))}"));

    private int IndexOf(string name)
    {
        for (var i = 0; i < hyperparameters.Count; i++)
        {
            if (hyperparameters[i].Name == name) return i;
        }

        throw new ProblemException($"There is no hyperparameter '{name}' in ({this}).");
    }
}
