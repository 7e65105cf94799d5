namespace AutoTune.Scheduling;

/// <summary>A rung where trials wait: the losses of all that were paused there, and of those that are still waiting.</summary>
internal sealed class PausedRung
{
    /// <summary>The losses of all that came, also of those that went on.</summary>
    public RankedLosses All { get; } = new();

    /// <summary>The losses of those that wait.</summary>
    public RankedLosses Waiting { get; } = new();

    /// <summary>The best that waits, if it is among the best <paramref name="quota"/> of all that came.</summary>
    public TrialId? Promotable(int quota) => quota > 0 && Waiting.Count > 0 && All.RankOf(Waiting[0]) < quota ? Waiting[0].Trial : null;
}

/// <summary>Rungs where trials wait, as a fold of their pauses and of how they went on.</summary>
/// <remarks>A trial counts at the highest rung that its step reaches, once: what fails or is interrupted above it will come again from its checkpoint.</remarks>
internal sealed class PausedRungs(BudgetLadder ladder)
{
    private readonly PausedRung[] _rungs = [.. Enumerable.Range(0, ladder.Count).Select(_ => new PausedRung())];
    private readonly TrialStates<Standing> _trials = new();

    public PausedRung this[int rung] => _rungs[rung];

    public void Observe(StudyEvent studyEvent)
    {
        switch (studyEvent)
        {
            case TrialReported e:
                _trials[e.Report.Trial].LastLoss = e.Report.Loss;
                break;
            case TrialPaused e:
                Pause(e);
                break;
            case TrialResumed e:
                Leave(e.Trial);
                break;
            case TrialFinished e:
                Leave(e.Trial);
                break;
        }
    }

    private void Pause(TrialPaused e)
    {
        ref var trial = ref _trials[e.Trial];
        var number = ladder.RungAt(e.AtStep) + 1;
        if (number == 0) return;
        if (number > trial.Number)
        {
            (trial.Number, trial.Counted) = (number, new RankedLoss(trial.LastLoss, e.Trial));
            _rungs[number - 1].All.Add(trial.Counted);
        }

        trial.IsWaiting = true;
        _rungs[trial.Number - 1].Waiting.Add(trial.Counted);
    }

    private void Leave(TrialId id)
    {
        ref var trial = ref _trials[id];
        if (!trial.IsWaiting) return;
        trial.IsWaiting = false;
        _rungs[trial.Number - 1].Waiting.Remove(trial.Counted);
    }

    private struct Standing
    {
        public double LastLoss;
        public int Number; // of its rung, counted from 1
        public RankedLoss Counted;
        public bool IsWaiting;
    }
}
