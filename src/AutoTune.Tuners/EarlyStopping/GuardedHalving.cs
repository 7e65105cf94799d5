using AutoTune.Scheduling;

namespace AutoTune.Tuners.EarlyStopping;

/// <summary>Asynchronous successive halving that does not stop a trial which, by the curves of this study, may still become the best.</summary>
/// <remarks>
/// Halving compares trials at one step, and where curves cross it prefers those that begin fast: the longer a search lasts, and the closer together
/// its proposals lie, the more often it stops the wrong ones. So from the eighth completed trial on its verdict stands only if the chance to beat
/// the best (<see cref="StepPairs"/>) is small. One trial in eight is never stopped: only so can it be learnt what becomes of slow starters.
/// </remarks>
/// <param name="halving">What proposes to stop.</param>
/// <param name="doubt">The largest chance to beat the best with which a trial is stopped.</param>
internal sealed class GuardedHalving(IScheduler halving, double doubt) : IScheduler
{
    private const int LeastPairs = 8; // chosen: a median and its deviation from four trials are little, from none nothing
    private const int Period = 8;
    private readonly SortedDictionary<int, StepPairs> _pairs = [];
    private readonly Dictionary<TrialId, List<TrialReport>> _judged = [];

    public WorkOrder NextWork(StudyView study) => halving.NextWork(study);

    public Directive Judge(TrialReport report, StudyView study)
    {
        var directive = halving.Judge(report, study);
        if (directive.IsContinue || report.Trial.Number % Period == Period - 1) return Directive.Continue;
        if (!_pairs.TryGetValue(report.Step, out var pairs) || pairs.Count < LeastPairs) return directive;
        if (study.Best?.Loss is not { } best) return Directive.Continue; // what has completed breaks a requirement: whoever completes may be the best
        var chance = pairs.ChanceToBeat(best, report.Loss);
        return chance > doubt ? Directive.Continue : Directive.Stop(FormattableString.Invariant($"{directive.Reason}; the chance to beat {study.Goal.Flip(best):G4} is {100 * chance:0.#} %"));
    }

    public void Observe(StudyEvent studyEvent)
    {
        halving.Observe(studyEvent);
        switch (studyEvent)
        {
            case TrialReported e:
                if (!_judged.TryGetValue(e.Report.Trial, out var reports)) _judged[e.Report.Trial] = reports = [];
                reports.Add(e.Report);
                break;
            case TrialAttemptFailed e: _judged.Remove(e.Trial); break;
            case TrialInterrupted e: _judged.Remove(e.Trial); break;
            case TrialFinished e:
                if (!_judged.Remove(e.Trial, out var curve) || e.Outcome is not TrialOutcome.Completed completed) break;
                foreach (var report in curve)
                {
                    if (!_pairs.TryGetValue(report.Step, out var pairs)) _pairs[report.Step] = pairs = new StepPairs();
                    pairs.Add(report.Loss, completed.Loss);
                }

                break;
        }
    }
}
