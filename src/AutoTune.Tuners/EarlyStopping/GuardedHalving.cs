using AutoTune.Scheduling;

namespace AutoTune.Tuners.EarlyStopping;

/// <summary>Asynchronous successive halving that does not stop a trial which, by the curves of this study, may still become the best.</summary>
/// <remarks>
/// Halving compares trials at one step, and where curves cross it prefers those that begin fast: the longer a search lasts, and the closer together
/// its proposals lie, the more often it stops the wrong ones. So from the eighth completed trial on its verdict stands only if the chance to beat
/// the best (<see cref="StepPairs"/>) is small, and at early steps not at all: what trials elsewhere made of a loss there says too little of this one.
/// One trial in eight is never stopped: only so can it be learnt what becomes of slow starters.
/// </remarks>
internal sealed class GuardedHalving : IScheduler
{
    private const int LeastPairs = 8; // chosen: a median and its deviation from four trials are little, from none nothing
    private const int Period = 8;
    private readonly IScheduler _halving;
    private readonly int[] _rungs;
    private readonly double _doubt;
    private readonly int _guardedFrom;
    private readonly StepPairs[] _pairs; // of each rung
    private readonly Dictionary<TrialId, SortedDictionary<int, double>> _atRungs = []; // of trials that have not ended: by rung, the loss with which they came there

    /// <summary>A scheduler.</summary>
    /// <param name="options">Where it compares trials.</param>
    /// <param name="count">The steps of a whole trial.</param>
    /// <param name="doubt">The largest chance to beat the best with which a trial is stopped.</param>
    /// <param name="guardedFrom">The first step at which it is stopped once the chance is known; before it the chance tells too little.</param>
    public GuardedHalving(AshaOptions options, int count, double doubt, int guardedFrom = 1)
    {
        (_halving, _rungs, _doubt, _guardedFrom) = (options.CreateStopping(count), options.RungsBelow(count), doubt, guardedFrom);
        _pairs = [.. _rungs.Select(_ => new StepPairs())];
    }

    public WorkOrder NextWork(StudyView study) => _halving.NextWork(study);

    public Directive Judge(TrialReport report, StudyView study)
    {
        var directive = _halving.Judge(report, study);
        if (directive.IsContinue || report.Trial.Number % Period == Period - 1) return Directive.Continue;
        var pairs = _pairs[RungOf(report.Step)];
        if (pairs.Count < LeastPairs) return directive;
        if (report.Step < _guardedFrom) return Directive.Continue;
        if (study.Best?.Loss is not { } best) return Directive.Continue; // what has completed breaks a requirement: whoever completes may be the best
        var chance = pairs.ChanceToBeat(best, report.Loss);
        return chance > _doubt ? Directive.Continue : Directive.Stop(FormattableString.Invariant($"{directive.Reason}; the chance to beat {study.Goal.Text(best)} is {100 * chance:0.#} %"));
    }

    public void Observe(StudyEvent studyEvent)
    {
        _halving.Observe(studyEvent);
        switch (studyEvent)
        {
            case TrialReported { Report: var report }:
                if (RungOf(report.Step) is not (>= 0 and var rung)) break;
                if (!_atRungs.TryGetValue(report.Trial, out var losses)) _atRungs[report.Trial] = losses = [];
                losses.TryAdd(rung, report.Loss);
                break;
            case TrialAttemptFailed e:
                _atRungs.Remove(e.Trial);
                break;
            case TrialInterrupted e:
                _atRungs.Remove(e.Trial);
                break;
            case TrialFinished e:
                if (!_atRungs.Remove(e.Trial, out var known) || e.Outcome is not TrialOutcome.Completed completed) break;
                foreach (var (at, loss) in known) _pairs[at].Add(loss, completed.Loss);
                break;
        }
    }

    /// <summary>The last rung at or before a step; -1 before the first.</summary>
    private int RungOf(int step)
    {
        var rung = -1;
        while (rung + 1 < _rungs.Length && _rungs[rung + 1] <= step) rung++;
        return rung;
    }
}
