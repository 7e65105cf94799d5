using AutoTune.Scheduling;

namespace AutoTune.Tuners.EarlyStopping;

/// <summary>For growing samples: a trial begins on a share of the data only where that share has proved to tell good from bad, and goes on only with a chance to be the best.</summary>
/// <remarks>
/// How much a share tells differs from one task to the next, and where it tells little a search that believes it ends in the wrong place. So the
/// first trials, and later one in four, are trained on the share and then on all data, whatever the share says. While it does not order their
/// losses well enough (<see cref="StepPairs.Skill"/>) all others are trained on all data at once: then early stopping costs those shares and nothing else.
/// </remarks>
/// <param name="count">The step that stands for all the data.</param>
/// <param name="share">The step that stands for the share.</param>
internal sealed class TrustedShare(int count, int share) : IScheduler
{
    private const int Opening = 6, Period = 4, LeastPairs = 6; // chosen: the probes of a long search cost a fourth of a share a trial
    private const double LeastSkill = 0.85, Doubt = 0.05;
    private readonly StepPairs _pairs = new();
    private readonly SortedDictionary<TrialId, double> _paused = []; // with their losses on the share
    private readonly Dictionary<TrialId, double> _losses = []; // on the share, of trials that have not ended
    private double _best = double.PositiveInfinity;

    private bool IsTrusted => _pairs.Count >= LeastPairs && _pairs.Skill >= LeastSkill;

    public WorkOrder NextWork(StudyView study)
    {
        TrialId? promising = null;
        var chance = Doubt;
        foreach (var (id, loss) in _paused)
        {
            if (IsProbe(id.Number)) return new WorkOrder.ResumeTrial(id, count);
            if (_pairs.Count < LeastPairs) continue;
            var own = _pairs.ChanceToBeat(_best, loss);
            if (own > chance) (promising, chance) = (id, own);
        }

        if (promising is { } trial) return new WorkOrder.ResumeTrial(trial, count);
        return new WorkOrder.StartTrial(IsTrusted || IsProbe(study.Trials.Count) ? share : count);
    }

    public Directive Judge(TrialReport report, StudyView study)
    {
        if (study[report.Trial].Budget is not { } budget || budget >= count || report.Step < budget) return Directive.Continue;
        var value = FormattableString.Invariant($"step {report.Step}: {study.Goal.Metric} {study.Goal.Flip(report.Loss):G4}");
        if (IsProbe(report.Trial.Number)) return Directive.Pause($"{value}; it goes on, to see what this share of the data tells");
        if (_pairs.Count < LeastPairs) return Directive.Pause($"{value}; it waits until it is known what this share of the data tells");
        var (loss, deviation) = _pairs.Forecast(report.Loss);
        return Directive.Pause(FormattableString.Invariant(
            $"{value}, on all data {study.Goal.Flip(loss):G4} ± {deviation:G2} is expected; the chance to beat {study.Goal.Flip(_best):G4} is {100 * _pairs.ChanceToBeat(_best, report.Loss):0.#} %, and it goes on above {100 * Doubt:0} %"));
    }

    public void Observe(StudyEvent studyEvent)
    {
        switch (studyEvent)
        {
            case TrialReported { Report: var report } when report.Step == share:
                _losses[report.Trial] = report.Loss;
                break;
            case TrialPaused e:
                if (_losses.TryGetValue(e.Trial, out var here)) _paused[e.Trial] = here;
                break;
            case TrialResumed e:
                _paused.Remove(e.Trial);
                break;
            case TrialFinished e:
                _paused.Remove(e.Trial);
                var known = _losses.Remove(e.Trial, out var onShare);
                if (e.Outcome is not TrialOutcome.Completed completed) break;
                _best = Math.Min(_best, completed.Loss);
                if (known) _pairs.Add(onShare, completed.Loss);
                break;
        }
    }

    private static bool IsProbe(int number) => number < Opening || number % Period == 0;
}
