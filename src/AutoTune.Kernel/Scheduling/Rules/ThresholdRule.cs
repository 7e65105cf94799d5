namespace AutoTune.Scheduling;

/// <summary>Stops a trial whose value is worse than a bound, from some step on.</summary>
internal sealed class ThresholdRule(double bound, int fromStep) : ITrialRule
{
    public string? ReasonToStop(TrialReport report, StudyView study)
    {
        if (report.Step < fromStep || report.Loss <= study.Goal.Flip(bound)) return null;
        var from = fromStep > 1 ? FormattableString.Invariant($" from step {fromStep} on") : "";
        return FormattableString.Invariant($"step {report.Step}: {study.Goal.Metric} {study.Goal.Text(report.Loss)} is {(study.Goal.IsMaximized ? "below" : "above")} the bound {bound}{from}");
    }

    public void Observe(StudyEvent studyEvent) { }
}
