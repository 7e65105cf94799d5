using System.Collections.Immutable;
using System.Globalization;

namespace AutoTune;

/// <summary>With which configurations a training ran, step by step: what population based training finds besides a model.</summary>
/// <remarks>
/// <c>result.Best.Schedule</c> gives that of the best trial. <c>UseSchedule</c> trains by it again; a training loop of your own asks <see cref="At"/>.
/// Immutable, compared by value, thread-safe.
/// </remarks>
public sealed class TrialSchedule : IEquatable<TrialSchedule>
{
    internal TrialSchedule(ImmutableArray<ScheduleSegment> segments) => Segments = segments;

    /// <summary>The segments, in the order of their steps; the first begins after step 0.</summary>
    public ImmutableArray<ScheduleSegment> Segments { get; }

    /// <summary>The configuration that a step is trained with.</summary>
    /// <param name="step">The step, counted from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 1.</exception>
    public Configuration At(int step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        var configuration = Segments[0].Configuration;
        foreach (var segment in Segments)
        {
            if (segment.AfterStep >= step) break;
            configuration = segment.Configuration;
        }

        return configuration;
    }

    /// <inheritdoc/>
    public bool Equals(TrialSchedule? other) => other is not null && Segments.SequenceEqual(other.Segments);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TrialSchedule);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Segments.Length, Segments[^1]);

    /// <summary>A line for each segment, such as <c>from step 11 (trial 4): rate=0.01</c>.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Segments.Select(segment =>
        string.Create(CultureInfo.InvariantCulture, $"from step {segment.AfterStep + 1} ({segment.Trial}): {segment.Configuration}")));
}

/// <summary>A stretch of a training with one configuration: see <see cref="TrialSchedule"/>.</summary>
/// <param name="AfterStep">The step after which it begins; 0 for the first.</param>
/// <param name="Configuration">What the steps are trained with.</param>
/// <param name="Trial">The trial that trained them: another than the schedule's own before it took over that one's checkpoint.</param>
/// <param name="Reason">Why the configuration changed here; empty for the first.</param>
public sealed record ScheduleSegment(int AfterStep, Configuration Configuration, TrialId Trial, string Reason = "");
