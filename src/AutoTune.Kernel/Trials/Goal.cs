using System.Collections.Immutable;
using System.Globalization;

namespace AutoTune;

/// <summary>What a study is after: a metric by name, and whether more of it is better.</summary>
/// <param name="Metric">The metric's name, for people.</param>
/// <param name="IsMaximized">Whether higher is better.</param>
/// <remarks>Inside, everything is a loss (lower is better); this is the one place where the sign flips.</remarks>
public sealed record Goal(string Metric, bool IsMaximized)
{
    /// <summary>The loss of a value of the metric, or the value of a loss: the same flip both ways.</summary>
    public double Flip(double valueOrLoss) => IsMaximized ? -valueOrLoss : valueOrLoss;

    /// <summary>The derivatives of the loss from those of the value, or the other way round: the same flip.</summary>
    internal ImmutableSortedDictionary<string, double> Flip(ImmutableSortedDictionary<string, double> gradient)
        => IsMaximized ? gradient.SetItems(gradient.Select(entry => KeyValuePair.Create(entry.Key, Flip(entry.Value)))) : gradient;

    /// <summary>The value of a loss for people, as schedulers say it: four significant digits, whole numbers in full up to seven; in the invariant culture.</summary>
    public string Text(double loss)
    {
        var value = Flip(loss);
        return value.ToString(Math.Abs(value) is >= 1e4 and < 1e7 ? "0" : "G4", CultureInfo.InvariantCulture);
    }

    /// <summary>For example <c>minimize RMSE</c>.</summary>
    public override string ToString() => $"{(IsMaximized ? "maximize" : "minimize")} {Metric}";
}
