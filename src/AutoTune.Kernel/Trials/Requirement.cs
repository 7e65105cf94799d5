using System.Globalization;

namespace AutoTune;

/// <summary>A rule that a trial's result must meet besides being good: a bound for a metric, known only once the trial has been evaluated.</summary>
/// <param name="Metric">The metric's name in <see cref="TrialValues.Metrics"/>.</param>
/// <param name="Bound">The bound, in the metric's unit.</param>
/// <param name="IsAtMost">Whether the metric may be at most the bound; otherwise at least.</param>
/// <remarks>What can be known before an evaluation is a constraint of the space instead: <see cref="SearchSpaceBuilder.Require"/>.</remarks>
public sealed record Requirement(string Metric, double Bound, bool IsAtMost)
{
    /// <summary>By how much a value breaks the rule, in the metric's unit: zero or less where it is met.</summary>
    public double Violation(double value) => IsAtMost ? value - Bound : Bound - value;

    /// <summary>For example <c>latency at most 20</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Metric} at {(IsAtMost ? "most" : "least")} {Bound}");
}
