using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Scheduling;

namespace AutoTune.Tuners.Racing;

/// <summary>Stops trials that have lost the race against the best completed ones: <see cref="Race"/> says when.</summary>
internal sealed class RacingScheduler(RacingOptions options) : IScheduler
{
    private static readonly WorkOrder Start = new WorkOrder.StartTrial();
    private readonly LiveReports _live = new();
    private readonly Race _race = new(options);
    private ImmutableArray<Requirement> _requirements = [];

    public WorkOrder NextWork(StudyView study) => Start;

    public Directive Judge(TrialReport report, StudyView study)
    {
        var reports = _live.Of(report.Trial);
        return _race.Judge(reports.Steps, reports.Losses) is { } evidence ? Directive.Stop(Reason(report, evidence, study.Goal)) : Directive.Continue;
    }

    public void Observe(StudyEvent studyEvent)
    {
        if (studyEvent is StudyCreated created) _requirements = created.Requirements;
        if (_live.Observe(studyEvent) is { } reports && studyEvent is TrialFinished { Outcome: TrialOutcome.Completed completed } finished && Meets(completed))
            _race.Complete(finished.Trial, reports.Steps, reports.Losses);
    }

    private bool Meets(TrialOutcome.Completed completed)
    {
        foreach (var requirement in _requirements)
        {
            if (requirement.Violation(completed.Metrics.GetValueOrDefault(requirement.Metric, double.NaN)) is not <= 0) return false;
        }

        return true;
    }

    private string Reason(TrialReport report, Race.Evidence evidence, Goal goal)
    {
        var best = evidence.Best;
        var chance = evidence.Chance < 0.001 ? "below 0.1 %" : string.Create(CultureInfo.InvariantCulture, $"{100 * evidence.Chance:0.0} %");
        var by = evidence.Margin > 0 ? string.Create(CultureInfo.InvariantCulture, $"{evidence.Margin:G2}") : null;
        var conclusion = options.Keeps == RaceWinner.OfStudy
            ? $"the chance to end better{(by is null ? "" : $" by more than {by}")} is {chance}"
            : $"the chance of such a lag {(by is null ? "without being worse" : $"if it were better by {by}")} is {chance}";
        return string.Create(CultureInfo.InvariantCulture, $"repeat {report.Step} of {_race.Repeats}: mean {goal.Metric} {goal.Text(report.Loss)}, where {best.Trial} had "
            + $"{goal.Text(best.Means[evidence.At])} (it ended at {goal.Text(best.Final)}); differences vary by {evidence.Deviation:G2} a repeat: {conclusion}");
    }
}
