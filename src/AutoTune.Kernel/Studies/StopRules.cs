using System.Globalization;

namespace AutoTune.Studies;

/// <summary>A value was reached.</summary>
internal sealed class TargetValue(double value) : IStopRule
{
    public bool NeedsResult => true;

    public string? ReasonToStop(StudyView study, TimeSpan elapsed)
        => study.Best?.Loss is { } loss && loss <= study.Goal.Flip(value)
            ? string.Create(CultureInfo.InvariantCulture, $"the target of {value} for {study.Goal.Metric} was reached")
            : null;
}

/// <summary>Nothing better for a while.</summary>
internal sealed class NoImprovement(int trials) : IStopRule
{
    public bool NeedsResult => true;

    public string? ReasonToStop(StudyView study, TimeSpan elapsed)
        => study.Best is not null && study.FinishedSinceBest >= trials
            ? string.Create(CultureInfo.InvariantCulture, $"no improvement in the last {trials} trials")
            : null;
}

/// <summary>A user's function as a rule.</summary>
internal sealed class FunctionStopRule(Func<StudyView, TimeSpan, string?> rule, bool needsResult) : IStopRule
{
    public bool NeedsResult => needsResult;

    public string? ReasonToStop(StudyView study, TimeSpan elapsed) => needsResult && study.CompletedCount == 0 ? null : rule(study, elapsed);
}
