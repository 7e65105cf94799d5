namespace AutoTune.Scheduling;

/// <summary>Stops a trial that has not improved for a while, unless it is ahead of the study's best: only a trial that completes is a result.</summary>
internal sealed class PatienceRule(int reports, double minImprovement) : ITrialRule
{
    private readonly TrialStates<Progress> _trials = new();

    public string? ReasonToStop(TrialReport report, StudyView study)
    {
        var trial = _trials[report.Trial];
        if (trial.ReportsSince < reports || study.Best?.Loss is not { } best || trial.Loss < best) return null;
        var by = minImprovement > 0 ? FormattableString.Invariant($" by more than {minImprovement}") : "";
        return FormattableString.Invariant($"step {report.Step}: {study.Goal.Metric} has not improved{by} on {study.Goal.Text(trial.Loss)} (step {trial.Step}) for {trial.ReportsSince} reports");
    }

    public void Observe(StudyEvent studyEvent)
    {
        if (studyEvent is not TrialReported { Report: var report })
        {
            _trials.Observe(studyEvent);
            return;
        }

        ref var trial = ref _trials[report.Trial];
        if (trial.Step == 0 || report.Loss < trial.Loss - minImprovement) trial = new Progress(report.Step, report.Loss, 0);
        else trial = trial with { ReportsSince = trial.ReportsSince + 1 };
    }

    /// <param name="Step">The step of the last improvement; 0 before the first report.</param>
    /// <param name="Loss">The loss there.</param>
    /// <param name="ReportsSince">How many reports came after it.</param>
    private readonly record struct Progress(int Step, double Loss, int ReportsSince);
}
