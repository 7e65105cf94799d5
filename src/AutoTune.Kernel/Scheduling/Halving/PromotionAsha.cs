namespace AutoTune.Scheduling;

/// <summary>Asynchronous successive halving that pauses and promotes (Li and others 2020, algorithm 2).</summary>
/// <param name="ladder">The rungs.</param>
/// <param name="reduction">One in how many is promoted (η).</param>
/// <param name="mayBeCutShort">Whether the study may end before it has started them all, such as by a time limit.</param>
/// <remarks>
/// A free slot never waits: from the highest rung down the best waiting trial that is among the best n / η of the n that came there is resumed up to
/// the next rung; if there is none, a new trial starts. Among equal losses the earlier trial is better, so that no more than n / η go on.
/// A paused trial is no result, and the paper's rule may leave a short study without any. So the best that waits is run to the end when no more
/// trials can be started and none has completed; and where a study may be cut short at any time, the best of a rung is promoted from the first trial
/// on, as in the stopping form, until one has completed.
/// </remarks>
internal sealed class PromotionAsha(BudgetLadder ladder, int reduction, bool mayBeCutShort) : IScheduler
{
    private readonly PausedRungs _rungs = new(ladder);
    private readonly WorkOrder _start = new WorkOrder.StartTrial(ladder[0]);
    private readonly string _waitsFor = FormattableString.Invariant($"to be among the best 1 in {reduction} of those that come there");

    public WorkOrder NextWork(StudyView study)
    {
        var least = mayBeCutShort && study.CompletedCount == 0 ? 1 : 0;
        for (var rung = ladder.Count - 2; rung >= 0; rung--)
        {
            var quota = Math.Max(least, _rungs[rung].All.Count / reduction);
            if (_rungs[rung].Promotable(quota) is { } promoted) return new WorkOrder.ResumeTrial(promoted, ladder[rung + 1]);
        }

        return !study.CanStart && study.CompletedCount == 0 && study.Running.IsEmpty ? Last() : _start;
    }

    public Directive Judge(TrialReport report, StudyView study) => PausingJudge.Judge(report, study, ladder, _waitsFor);

    public void Observe(StudyEvent studyEvent) => _rungs.Observe(studyEvent);

    // The study has nothing else to do and no result yet.
    private WorkOrder Last()
    {
        for (var rung = ladder.Count - 2; rung >= 0; rung--)
        {
            if (_rungs[rung].Waiting.Count > 0) return new WorkOrder.ResumeTrial(_rungs[rung].Waiting[0].Trial, ladder.Max);
        }

        return _start;
    }
}
