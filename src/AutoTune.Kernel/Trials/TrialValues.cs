using System.Collections.Immutable;

namespace AutoTune;

/// <summary>What an objective returns: the value of the goal's metric, and other metrics worth keeping.</summary>
/// <param name="Value">The value of the goal's metric. NaN or infinite makes the trial fail.</param>
/// <param name="Metrics">Other figures by name, shown in leaderboards; tuners do not look at them.</param>
public sealed record TrialValues(double Value, ImmutableSortedDictionary<string, double> Metrics)
{
    /// <summary>A value without other metrics.</summary>
    public TrialValues(double value) : this(value, Notes.None<double>()) { }

    /// <summary>A value without other metrics.</summary>
    public static implicit operator TrialValues(double value) => new(value);

    /// <summary>A value without other metrics.</summary>
    public static TrialValues FromDouble(double value) => new(value);
}
