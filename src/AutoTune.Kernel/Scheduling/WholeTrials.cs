namespace AutoTune.Scheduling;

/// <summary>A scheduler under which no part of a trial passes for a whole one: a trial may have been begun by another scheduler, before the study went on with this one.</summary>
/// <param name="scheduler">The scheduler.</param>
/// <param name="whole">How many steps a whole trial has.</param>
/// <remarks>
/// A scheduler that knows nothing of smaller budgets lets such a trial, which was running when its process was killed, go on; but it ends at the budget that it was given,
/// and its value would be the study's best. So it is stopped there, and tuners learn from it as from any other that was.
/// </remarks>
internal sealed class WholeTrials(IScheduler scheduler, int whole) : IScheduler
{
    public WorkOrder NextWork(StudyView study) => scheduler.NextWork(study);

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
}
