namespace AutoTune.Scheduling;

/// <summary>A scheduler under which no part of a trial passes for a whole one, and parts alone are no study: a trial may have been begun by another scheduler, before the study went on with this one.</summary>
/// <param name="scheduler">The scheduler.</param>
/// <param name="whole">How many steps a whole trial has.</param>
/// <param name="canResume">Whether a paused trial may be able to go on.</param>
/// <remarks>
/// A scheduler that knows nothing of smaller budgets lets such a trial, which was running when its process was killed, go on; but it ends at the budget that it was given,
/// and its value would be the study's best. So it is stopped there, and tuners learn from it as from any other that was.
/// One that was paused waits for a scheduler that knows of it. Where no trial can be started, none runs and none has completed, the best that waits is run to its end, or the study would have no result.
/// </remarks>
internal sealed class WholeTrials(IScheduler scheduler, int whole, bool canResume) : IScheduler
{
    public WorkOrder NextWork(StudyView study)
    {
        var order = scheduler.NextWork(study);
        var isLast = !study.CanStart && study.CompletedCount == 0 && study.Running.IsEmpty && order is not WorkOrder.ResumeTrial;
        return isLast && canResume && BestThatWaits(study) is { } trial ? new WorkOrder.ResumeTrial(trial, whole) : order;
    }

    public Directive Judge(TrialReport report, StudyView study)
    {
        var directive = scheduler.Judge(report, study);
        if (!directive.IsContinue || study[report.Trial].Budget is not { } budget || report.Step < budget || report.Step >= whole) return directive;
        // One that gives new trials no more than that means it so.
        if (scheduler.NextWork(study) is not WorkOrder.StartTrial { Budget: var given } || given <= budget) return directive;
        return Directive.Stop(FormattableString.Invariant(
            $"step {report.Step}: {study.Goal.Metric} {study.Goal.Text(report.Loss)}; an earlier scheduler gave it a budget of {budget} of {whole} steps, and this one has no use for such a part"));
    }

    public void Observe(StudyEvent studyEvent) => scheduler.Observe(studyEvent);

    // Of those that came furthest: they were the best below.
    private TrialId? BestThatWaits(StudyView study) => study.Paused.Select(id => study[id])
        .Where(trial => trial.PausedAtStep < whole && trial.LastReport is not null)
        .OrderByDescending(trial => trial.PausedAtStep).ThenBy(trial => trial.LastReport!.Value.Loss).ThenBy(trial => trial.Id).FirstOrDefault()?.Id;
}
