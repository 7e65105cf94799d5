namespace AutoTune.Scheduling;

/// <summary>Compares trials at certain steps, the milestones: the first report at or after a milestone counts for it, once.</summary>
/// <param name="numberOf">The number of the last milestone at or before a step, counted from 1; 0 if there is none.</param>
/// <param name="countsBest">Whether the best loss so far counts, rather than that of the report.</param>
/// <remarks>
/// A report that passes several milestones at once counts for the last of them alone: at the others it would be compared with trials that had
/// less training. The reports of an attempt that failed or was interrupted no longer count; they will come again. Not thread-safe.
/// </remarks>
internal sealed class Milestones(Func<int, int> numberOf, bool countsBest)
{
    private readonly List<RankedLosses> _losses = [];
    private readonly TrialStates<Progress> _trials = new();
    private readonly Dictionary<TrialId, List<(int Number, RankedLoss Loss)>> _sincePause = [];

    public void Observe(StudyEvent studyEvent)
    {
        switch (studyEvent)
        {
            case TrialReported e:
                Record(e.Report);
                return;
            case TrialPaused e:
                _sincePause.Remove(e.Trial);
                break;
            case TrialFinished e:
                _sincePause.Remove(e.Trial);
                break;
            case TrialAttemptFailed e:
                Forget(e.Trial);
                break;
            case TrialInterrupted e:
                Forget(e.Trial);
                break;
        }

        _trials.Observe(studyEvent);
    }

    /// <summary>The milestone that this report was the first to reach, if it was.</summary>
    /// <param name="report">The report.</param>
    /// <param name="number">The milestone's number.</param>
    /// <param name="own">What counts of the trial.</param>
    /// <param name="all">What counts there of all trials, this one included.</param>
    public bool IsReachedBy(TrialReport report, out int number, out RankedLoss own, out RankedLosses all)
    {
        ref var trial = ref _trials[report.Trial];
        (number, own) = (trial.Number, trial.Counted);
        all = number > 0 ? _losses[number - 1] : new RankedLosses();
        return number > 0 && trial.AtStep == report.Step;
    }

    private void Record(TrialReport report)
    {
        ref var trial = ref _trials[report.Trial];
        trial.Best = trial.HasReported ? Math.Min(trial.Best, report.Loss) : report.Loss;
        trial.HasReported = true;
        var number = numberOf(report.Step);
        if (number <= trial.Number) return;
        (trial.Number, trial.AtStep) = (number, report.Step);
        trial.Counted = new RankedLoss(countsBest ? trial.Best : report.Loss, report.Trial);
        while (_losses.Count < number) _losses.Add(new RankedLosses());
        _losses[number - 1].Add(trial.Counted);
        if (!_sincePause.TryGetValue(report.Trial, out var counted)) _sincePause[report.Trial] = counted = [];
        counted.Add((number, trial.Counted));
    }

    private void Forget(TrialId trial)
    {
        if (!_sincePause.Remove(trial, out var counted)) return;
        foreach (var (number, loss) in counted) _losses[number - 1].Remove(loss);
    }

    private struct Progress
    {
        public bool HasReported;
        public double Best;
        public int Number; // of the last milestone reached
        public int AtStep; // of the report that reached it
        public RankedLoss Counted;
    }
}
