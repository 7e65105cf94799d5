using AutoTune.Scheduling;

namespace AutoTune.Tuners.EarlyStopping;

/// <summary>For growing samples: a trial begins on a share of the data only where that share has proved to tell good from bad, and goes on only with a chance to be the best.</summary>
/// <remarks>
/// How much a share tells differs from one task to the next, and where it tells little a search that believes it ends in the wrong place. So some trials, the
/// tries, are trained on the share and then on all data, whatever the share says. They begin when the first of them together cost no more than 3 % of what was
/// spent on whole trials, keep to that, and end after a dozen: where the share does not order their losses well enough (<see cref="StepPairs.Skill"/>)
/// early stopping costs that and nothing else. Once it does, all trials begin on the share; one in eight of them is a try.
/// </remarks>
/// <param name="count">The step that stands for all the data.</param>
/// <param name="share">The step that stands for the share.</param>
internal sealed class TrustedShare(int count, int share) : IScheduler
{
    private const int LeastPairs = 6, MostTries = 12, Period = 8; // decision 40, as the doubt
    private const double Allowance = 0.03; // of what whole trials cost: a search that is to be nowhere behind has no more to give
    private const int MostAsked = 32; // chosen: of those that wait only the lowest on the share are forecast, so that a long study costs no more than a short one
    private const double LeastSkill = 0.85, Doubt = 0.2;
    private readonly StepPairs _pairs = new();
    private readonly HashSet<TrialId> _tries = []; // that have not ended
    private readonly SortedSet<TrialId> _waitingTries = [];
    private readonly SortedSet<(double Loss, TrialId Trial)> _waiting = []; // all others that wait
    private readonly Dictionary<TrialId, double> _reported = []; // the last report of trials that have not ended
    private readonly Dictionary<TrialId, double> _onShare = []; // what trials that have not ended were paused with
    private readonly Dictionary<TrialId, double> _chances = []; // a cache, for as long as pairs and best are the same
    private double _best = double.NaN;
    private int _tried, _completed;

    private bool IsTrusted => _pairs.Count >= LeastPairs && _pairs.Skill >= LeastSkill;

    // The first of them all at once: fewer pairs tell nothing.
    private bool MayTry => _tried < MostTries && Math.Max(_tried + 1, LeastPairs) * (double)share <= Allowance * count * _completed;

    public WorkOrder NextWork(StudyView study)
    {
        if (_waitingTries.Count > 0) return new WorkOrder.ResumeTrial(_waitingTries.Min, count);
        if (Promising(BestOf(study)) is { } trial) return new WorkOrder.ResumeTrial(trial, count);
        return new WorkOrder.StartTrial(IsTrusted || MayTry ? share : count);
    }

    public Directive Judge(TrialReport report, StudyView study)
    {
        if (report.Step >= count || study[report.Trial].Budget is not { } budget || budget >= count || report.Step < budget) return Directive.Continue;
        var value = FormattableString.Invariant($"step {report.Step}: {study.Goal.Metric} {study.Goal.Text(report.Loss)}");
        if (_tries.Contains(report.Trial)) return Directive.Pause($"{value}; it goes on, to see what this share of the data tells");
        if (_pairs.Count < LeastPairs) return Directive.Pause($"{value}; it waits until it is known what this share of the data tells");
        var (loss, deviation) = _pairs.Forecast(report.Loss);
        var expected = FormattableString.Invariant($"{value}, on all data {study.Goal.Text(loss)} ± {deviation:G2} is expected");
        if (study.Best?.Loss is not { } best) return Directive.Pause($"{expected}; it goes on, as there is no best trial yet");
        return Directive.Pause(FormattableString.Invariant(
            $"{expected}; the chance to beat {study.Goal.Text(best)} is {100 * StepPairs.ChanceToBeat(best, loss, deviation):0.#} %, and it goes on above {100 * Doubt:0} %"));
    }

    public void Observe(StudyEvent studyEvent)
    {
        switch (studyEvent)
        {
            case TrialStarted e when e.Budget == share && (!IsTrusted || e.Trial.Number % Period == 0):
                _tries.Add(e.Trial);
                _tried++;
                break;
            case TrialReported { Report: var report }:
                _reported[report.Trial] = report.Loss;
                break;
            case TrialPaused e:
                _onShare[e.Trial] = _reported[e.Trial];
                if (_tries.Contains(e.Trial)) _waitingTries.Add(e.Trial);
                else _waiting.Add((_onShare[e.Trial], e.Trial));
                break;
            case TrialResumed e:
                Leave(e.Trial);
                break;
            case TrialFinished e:
                Leave(e.Trial);
                _tries.Remove(e.Trial);
                _reported.Remove(e.Trial);
                var hasShare = _onShare.Remove(e.Trial, out var onShare);
                if (e.Outcome is not TrialOutcome.Completed completed) break;
                _completed++;
                if (!hasShare) break;
                _pairs.Add(onShare, completed.Loss);
                _chances.Clear();
                break;
        }
    }

    private static double BestOf(StudyView study) => study.Best?.Loss ?? double.PositiveInfinity;

    /// <summary>The trial that waits with the largest chance to be the best, if that is more than the doubt.</summary>
    private TrialId? Promising(double best)
    {
        if (_pairs.Count < LeastPairs) return null;
        if (!best.Equals(_best)) _chances.Clear();
        _best = best;
        TrialId? promising = null;
        var (chance, asked) = (Doubt, 0);
        foreach (var (loss, trial) in _waiting)
        {
            if (asked++ == MostAsked) break;
            if (!_chances.TryGetValue(trial, out var own)) _chances[trial] = own = _pairs.ChanceToBeat(best, loss);
            if (own > chance) (promising, chance) = (trial, own);
        }

        return promising;
    }

    private void Leave(TrialId trial)
    {
        _waitingTries.Remove(trial);
        if (_onShare.TryGetValue(trial, out var loss)) _waiting.Remove((loss, trial));
    }
}
