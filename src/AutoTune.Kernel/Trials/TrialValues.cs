using System.Collections.Immutable;

namespace AutoTune;

/// <summary>What an objective returns: the value of the goal's metric, and other metrics worth keeping.</summary>
/// <param name="Value">The value of the goal's metric. NaN or infinite makes the trial fail.</param>
/// <param name="Metrics">Other figures by name: what a study requires (<c>Require</c>), and what is worth keeping.</param>
public sealed record TrialValues(double Value, ImmutableSortedDictionary<string, double> Metrics)
{
    /// <summary>A value without other metrics.</summary>
    public TrialValues(double value) : this(value, Notes.None<double>()) { }

    /// <summary>The same with one more figure, or another value for it.</summary>
    /// <param name="metric">The figure's name.</param>
    /// <param name="value">Its value.</param>
    public TrialValues With(string metric, double value) => this with { Metrics = Metrics.SetItem(metric, value) };

    /// <summary>A value without other metrics.</summary>
    public static implicit operator TrialValues(double value) => new(value);

    /// <summary>A value without other metrics.</summary>
    public static TrialValues FromDouble(double value) => new(value);
}
