using System.Collections.Immutable;

namespace AutoTune.Scheduling;

/// <summary>Hyperband (Li and others 2018): successive halving in brackets that weigh many trials with few steps against few with many.</summary>
/// <param name="table">The brackets.</param>
/// <param name="trialLimit">How many trials the study starts; null: no such limit.</param>
/// <param name="mayBeCutShort">Whether the study may end before it has started them all, such as by a time limit.</param>
/// <param name="then">What starts and judges all trials after those of the first bracket; null: the next bracket.</param>
/// <remarks>
/// Halving is synchronous: a rung's best go on when all of the rung have come. Meanwhile free slots begin the next bracket, so that none is idle.
/// A bracket that the trial limit, or the end of the space, leaves unfilled is halved with what it has. A study that may be cut short begins with one whole trial, so that it
/// has a result. Trials carry their bracket's number and the rung at which they began as tags; that is what restores it from a journal.
/// </remarks>
internal sealed class HyperbandScheduler(HyperbandBrackets table, int? trialLimit, bool mayBeCutShort, IScheduler? then = null) : IScheduler
{
    private static readonly ImmutableArray<int> One = [1];
    private readonly List<Bracket> _brackets = [];
    private readonly List<int> _open = []; // numbers, in order
    private readonly TrialStates<Standing> _trials = new();
    private bool _isPastOpening; // a trial of another scheduler has been seen: also one of a study that was begun without an opening

    public WorkOrder NextWork(StudyView study)
    {
        // A tuner that has no more to propose may have more when a result comes.
        var mayStart = !(study.Trials.Count >= trialLimit) && (study.CanStart || !study.Running.IsEmpty);
        foreach (var number in _open)
        {
            var bracket = _brackets[number];
            if (bracket.Promotable(mayStart, out var level) is { } promoted)
            {
                // Above what the trial has done already: its reports may have skipped a rung.
                var rung = Math.Max(bracket.FirstRung + level, table.Ladder.RungAt(study[promoted].PausedAtStep)) + 1;
                return new WorkOrder.ResumeTrial(promoted, table.Ladder[Math.Min(rung, table.Ladder.Count - 1)]);
            }

            if (mayStart && bracket.MayStart) return Start(number, bracket.FirstRung);
        }

        return then is null || (_brackets.Count < (BeginsWhole ? 2 : 1) && !_isPastOpening) ? Start(_brackets.Count, FirstRung(_brackets.Count)) : then.NextWork(study);
    }

    public Directive Judge(TrialReport report, StudyView study)
    {
        if (then is null || IsOurs(report.Trial)) return PausingJudge.Judge(report, study, table.Ladder, "for the others of its rung");
        // Of an opening of other rungs, in a study that was begun by an earlier version: a part of a trial must not pass for a whole one.
        return study[report.Trial].Budget is { } budget && report.Step >= budget && budget < table.Ladder[^1]
            ? Directive.Stop(FormattableString.Invariant($"step {report.Step}: {study.Goal.Metric} {study.Goal.Text(report.Loss)}; that was its budget"))
            : then.Judge(report, study);
    }

    public void Observe(StudyEvent studyEvent)
    {
        then?.Observe(studyEvent);
        switch (studyEvent)
        {
            case TrialStarted e:
                Start(e);
                break;
            case TrialReported e:
                _trials[e.Report.Trial].LastLoss = e.Report.Loss;
                break;
            case TrialPaused e when IsOurs(e.Trial):
                _brackets[_trials[e.Trial].Bracket].Pause(_trials[e.Trial].Level, new RankedLoss(_trials[e.Trial].LastLoss, e.Trial));
                Close(_trials[e.Trial].Bracket);
                break;
            case TrialResumed e when IsOurs(e.Trial):
                Promote(e);
                break;
            case TrialFinished e when IsOurs(e.Trial):
                _brackets[_trials[e.Trial].Bracket].End(_trials[e.Trial].Level);
                Close(_trials[e.Trial].Bracket);
                break;
        }
    }

    // Once it has begun, its trials say so: a study that goes on with other limits keeps the shape that it has.
    private bool BeginsWhole => _brackets.Count == 0 ? mayBeCutShort : IsWhole(_brackets[0].FirstRung);

    private bool IsWhole(int rung) => rung == table.Ladder.Count - 1;

    private int FirstRung(int bracket) => !BeginsWhole ? table.FirstRung(bracket) : bracket == 0 ? table.Ladder.Count - 1 : table.FirstRung(bracket - 1);

    private WorkOrder.StartTrial Start(int bracket, int rung) => new(table.Ladder[rung], BracketTags.Of(bracket, rung));

    private void Start(TrialStarted e)
    {
        if (!BracketTags.Read(e.Tags, out var number, out var rung) || rung >= table.Ladder.Count || e.Budget != table.Ladder[rung]
            || number > _brackets.Count || (number < _brackets.Count && rung != _brackets[number].FirstRung))
        {
            _isPastOpening = true;
            return;
        }

        if (number == _brackets.Count)
        {
            _brackets.Add(new Bracket(rung, number == 0 && IsWhole(rung) ? One : table.Sizes(rung), table.Reduction));
            _open.Add(number);
        }

        _trials[e.Trial] = new Standing { IsOurs = true, Bracket = number };
        _brackets[number].Start();
    }

    private void Promote(TrialResumed e)
    {
        ref var trial = ref _trials[e.Trial];
        var bracket = _brackets[trial.Bracket];
        var rung = table.Ladder.RungAt(e.Budget ?? 0);
        if (rung >= 0 && table.Ladder[rung] == e.Budget && bracket.FirstRung + trial.Level + 1 < table.Ladder.Count)
        {
            bracket.Promote(trial.Level++);
            return;
        }

        // The study goes on with other budgets than it was begun with: what they made of this bracket says nothing here.
        bracket.IsGivenUp = true;
        _open.Remove(trial.Bracket);
    }

    private void Close(int number)
    {
        if (_brackets[number].IsOver) _open.Remove(number);
    }

    private bool IsOurs(TrialId trial) => _trials[trial] is { IsOurs: true, Bracket: var bracket } && !_brackets[bracket].IsGivenUp;

    private struct Standing
    {
        public bool IsOurs;
        public int Bracket;
        public int Level; // the rung that it is on the way to, counted from the bracket's first
        public double LastLoss;
    }
}
