using System.Globalization;
using AutoTune.Scheduling;

namespace AutoTune.Tuners.LearningCurves;

/// <summary>Stops trials whose forecast leaves them little chance to beat the best one.</summary>
/// <param name="options">How it stops.</param>
/// <param name="lastStep">The step whose loss is predicted; null: the largest step of a completed trial.</param>
internal sealed class CurveScheduler(CurvePredictionOptions options, int? lastStep) : IScheduler
{
    private static readonly WorkOrder Start = new WorkOrder.StartTrial();
    private readonly LiveReports _live = new();
    private readonly CurveModel _model = new(lastStep);
    private readonly Dictionary<TrialId, (int Version, CurveEvidence Evidence)> _evidence = [];

    public WorkOrder NextWork(StudyView study) => Start;

    public Directive Judge(TrialReport report, StudyView study)
    {
        if (_model.Completed < options.MinTrials || report.Step < options.FirstStep || report.Step >= _model.LastStep) return Directive.Continue;
        if (study.Best?.Loss is not { } best || _model.Forecast(EvidenceOf(report.Trial)) is not { } forecast) return Directive.Continue;
        var chance = forecast.ChanceBelow(best);
        return chance < options.Chance ? Directive.Stop(Reason(report.Step, forecast, chance, study)) : Directive.Continue;
    }

    public void Observe(StudyEvent studyEvent)
    {
        var ended = _live.Observe(studyEvent);
        switch (studyEvent)
        {
            case TrialReported { Report: var report } when _evidence.TryGetValue(report.Trial, out var known) && known.Version == _model.Version && known.Evidence.Step < report.Step:
                _model.Add(report.Step, report.Loss, known.Evidence);
                break;
            case TrialAttemptFailed failed:
                _evidence.Remove(failed.Trial);
                break;
            case TrialInterrupted interrupted:
                _evidence.Remove(interrupted.Trial);
                break;
            case TrialFinished finished:
                _evidence.Remove(finished.Trial);
                if (ended is not null && finished.Outcome is TrialOutcome.Completed or TrialOutcome.Stopped)
                    _model.Tell(ended.Steps, ended.Losses, finished.Outcome is TrialOutcome.Completed);
                break;
        }
    }

    /// <summary>What is kept of a running trial; gathered anew after each refit. A cache: what it holds follows from the facts.</summary>
    private CurveEvidence EvidenceOf(TrialId trial)
    {
        var reports = _live.Of(trial);
        if (_evidence.TryGetValue(trial, out var known) && known.Version == _model.Version) return known.Evidence;
        var evidence = known.Evidence ?? new CurveEvidence();
        _model.Gather(reports.Steps, reports.Losses, evidence);
        _evidence[trial] = (_model.Version, evidence);
        return evidence;
    }

    private string Reason(int step, CurveForecast forecast, double chance, StudyView study)
    {
        var percent = chance < 0.001 ? "below 0.1 %" : string.Create(CultureInfo.InvariantCulture, $"{100 * chance:0.0} %");
        return string.Create(CultureInfo.InvariantCulture, $"step {step}: predicted {study.Goal.Metric} {study.Goal.Text(forecast.Mean)} +- {forecast.Deviation:G2} at step "
            + $"{_model.LastStep}; the chance to beat {study.BestValue:G4} is {percent}");
    }
}
