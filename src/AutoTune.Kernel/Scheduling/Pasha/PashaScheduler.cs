namespace AutoTune.Scheduling;

/// <summary>Progressive ASHA (Bohdal and others 2023): promotion that begins with two rungs, and adds one when the top two rank trials differently.</summary>
/// <param name="ladder">All the rungs that there may be.</param>
/// <param name="options">Reduction and noise.</param>
/// <remarks>When no more trials can be started and none has completed, the best of the top rung runs to its end: that is the result.</remarks>
internal sealed class PashaScheduler(BudgetLadder ladder, PashaOptions options) : IScheduler
{
    private readonly PausedRungs _rungs = new(ladder);
    private readonly TrialStates<Progress> _trials = new();
    private readonly Dictionary<TrialId, List<TrialReport>> _curves = [];
    private readonly WorkOrder _start = new WorkOrder.StartTrial(ladder[0]);
    private SoftRanking _ranking = new(options.NoisePercentile);

    /// <summary>The rung that trials come to at present and where they wait.</summary>
    public int Top { get; private set; } = Math.Min(1, ladder.Count - 1);

    public WorkOrder NextWork(StudyView study)
    {
        for (var rung = Top - 1; rung >= 0; rung--)
        {
            if (_rungs[rung].Promotable(_rungs[rung].All.Count / options.Reduction) is { } promoted) return new WorkOrder.ResumeTrial(promoted, ladder[rung + 1]);
        }

        if (study.CanStart || study.CompletedCount > 0 || !study.Running.IsEmpty) return _start;
        for (var rung = ladder.Count - 2; rung >= 0; rung--)
        {
            if (_rungs[rung].Waiting.Count > 0) return new WorkOrder.ResumeTrial(_rungs[rung].Waiting[0].Trial, ladder.Max);
        }

        return _start;
    }

    public Directive Judge(TrialReport report, StudyView study) => PausingJudge.Judge(report, study, ladder, "until it is known how far trials must be run");

    public void Observe(StudyEvent studyEvent)
    {
        _rungs.Observe(studyEvent);
        switch (studyEvent)
        {
            case TrialReported e:
                if (!_curves.TryGetValue(e.Report.Trial, out var curve)) _curves[e.Report.Trial] = curve = [];
                var kept = _trials[e.Report.Trial].PausedAtStep;
                if (curve.Count > 0 && curve[^1].Step >= e.Report.Step) curve.RemoveAll(report => report.Step > kept);
                curve.Add(e.Report);
                break;
            case TrialPaused e:
                Pause(e);
                break;
            case TrialFinished e:
                _curves.Remove(e.Trial);
                break;
        }

        _trials.Observe(studyEvent); // last: it keeps what a pause has brought
    }

    private void Pause(TrialPaused e)
    {
        if (!_curves.TryGetValue(e.Trial, out var curve)) return;
        ref var trial = ref _trials[e.Trial];
        trial.PausedAtStep = e.AtStep;
        var (below, loss) = (trial.LossAtRung, curve[^1].Loss);
        trial.LossAtRung = loss;
        var came = trial.Rung;
        trial.Rung = ladder.RungAt(e.AtStep) + 1;
        // From the rung below alone: a trial whose reports skip that one says nothing about it.
        if (trial.Rung != Top + 1 || came != Top || Top == ladder.Count - 1) return;
        _ranking.Add(new RankedLoss(loss, e.Trial), below, [.. curve]);
        if (_ranking.IsConsistent) return;
        Top++;
        _ranking = new SoftRanking(options.NoisePercentile);
    }

    private struct Progress
    {
        public int PausedAtStep;
        public int Rung; // of the last pause, counted from 1
        public double LossAtRung;
    }
}
