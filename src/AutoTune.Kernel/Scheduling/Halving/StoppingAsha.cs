namespace AutoTune.Scheduling;

/// <summary>Asynchronous successive halving that stops (Li and others 2020, in the form of Optuna and Ray).</summary>
/// <remarks>
/// A trial that comes to a rung goes on if its loss there is no higher than the n-th lowest, n being the trials there over the reduction, rounded
/// down, and at least 1. So the first comers, fewer than the reduction, go on only as the best so far: the very first one always does, which
/// gives the study an early result, and no weak beginning is let through with it. Equal losses are no reason to stop. Where the first ones were paused by an earlier
/// scheduler, or failed, none may be that good before the study ends: so a trial that runs alone goes on while none has completed.
/// </remarks>
internal sealed class StoppingAsha(BudgetLadder ladder, int reduction) : IScheduler
{
    private readonly WorkOrder _start = new WorkOrder.StartTrial(ladder.Max);

    // A whole trial is compared no more, nor do others have to hold against it.
    private readonly Milestones _rungs = new(step => step >= ladder.Max ? 0 : ladder.RungAt(step) + 1, countsBest: false);

    public WorkOrder NextWork(StudyView study) => _start;

    public Directive Judge(TrialReport report, StudyView study)
    {
        if (!_rungs.IsReachedBy(report, out var number, out var own, out var all)) return Directive.Continue;
        var passing = Math.Max(1, all.Count / reduction);
        var bound = all[passing - 1].Loss;
        if (own.Loss <= bound || (study.CompletedCount == 0 && study.Running.Count == 1)) return Directive.Continue;
        return Directive.Stop(FormattableString.Invariant(
            $"step {report.Step}: {study.Goal.Metric} {study.Goal.Text(own.Loss)} is not among the best {passing} of the {all.Count} trials that came to step {ladder[number - 1]}; that takes {study.Goal.Text(bound)}"));
    }

    public void Observe(StudyEvent studyEvent) => _rungs.Observe(studyEvent);
}
