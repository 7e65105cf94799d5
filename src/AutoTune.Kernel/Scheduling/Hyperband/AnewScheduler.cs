namespace AutoTune.Scheduling;

/// <summary>Hyperband's brackets with new trials at every rung, which the tuner forms from the results of the rung below (Awad and others 2021).</summary>
/// <param name="table">The brackets.</param>
/// <param name="trialLimit">How many trials the study starts; null: no such limit.</param>
/// <param name="mayBeCutShort">Whether the study may end before it has started them all, such as by a time limit.</param>
/// <remarks>
/// A rung begins when all trials of the one below have ended; free slots begin the next bracket meanwhile. A trial stops at its budget. Only a whole
/// trial is a result: a study that may be cut short begins with one, and one that a trial limit ends makes its last trial one if it has none yet.
/// These two belong to no bracket and carry the tag "rung" alone.
/// </remarks>
internal sealed class AnewScheduler(HyperbandBrackets table, int? trialLimit, bool mayBeCutShort) : IScheduler
{
    private readonly WorkOrder _whole = new WorkOrder.StartTrial(table.Ladder.Max, BracketTags.OfRung(table.Ladder.Count - 1));
    private readonly List<Progress> _brackets = [];
    private readonly List<int> _open = []; // numbers, in order
    private readonly TrialStates<Place> _trials = new();

    public WorkOrder NextWork(StudyView study)
    {
        if (mayBeCutShort && study.Trials.IsEmpty) return _whole;
        if (study.CompletedCount == 0 && study.Trials.Count == trialLimit - 1) return _whole;
        foreach (var number in _open)
        {
            var bracket = _brackets[number];
            for (var level = 0; level < bracket.Started.Length; level++)
            {
                if (bracket.Started[level] < table.Sizes(bracket.FirstRung)[level]) return Start(number, bracket.FirstRung + level);
                if (bracket.Ended[level] < bracket.Started[level]) break; // the rung above waits
            }
        }

        return Start(_brackets.Count, table.FirstRung(_brackets.Count));
    }

    public Directive Judge(TrialReport report, StudyView study)
    {
        if (!(report.Step >= study[report.Trial].Budget) || report.Step >= table.Ladder.Max) return Directive.Continue;
        return Directive.Stop(FormattableString.Invariant($"step {report.Step}: {study.Goal.Metric} {study.Goal.Text(report.Loss)}; that was its budget"));
    }

    public void Observe(StudyEvent studyEvent)
    {
        switch (studyEvent)
        {
            case TrialStarted e:
                Start(e);
                break;
            case TrialFinished e when _trials[e.Trial] is { IsOurs: true } place:
                _brackets[place.Bracket].Ended[place.Level]++;
                if (_brackets[place.Bracket].Ended.AsSpan().SequenceEqual(table.Sizes(_brackets[place.Bracket].FirstRung).AsSpan())) _open.Remove(place.Bracket);
                break;
        }
    }

    private WorkOrder.StartTrial Start(int bracket, int rung) => new(table.Ladder[rung], BracketTags.Of(bracket, rung));

    private void Start(TrialStarted e)
    {
        if (!BracketTags.Read(e.Tags, out var number, out var rung) || rung >= table.Ladder.Count || e.Budget != table.Ladder[rung] || number > _brackets.Count) return;
        if (number == _brackets.Count)
        {
            var levels = table.Sizes(rung).Length;
            _brackets.Add(new Progress(rung, new int[levels], new int[levels]));
            _open.Add(number);
        }

        var bracket = _brackets[number];
        if (rung < bracket.FirstRung) return;
        _trials[e.Trial] = new Place(true, number, rung - bracket.FirstRung);
        bracket.Started[rung - bracket.FirstRung]++;
    }

    /// <param name="FirstRung">The rung at which it begins.</param>
    /// <param name="Started">How many trials were started at each of its rungs.</param>
    /// <param name="Ended">How many of them have ended.</param>
    private sealed record Progress(int FirstRung, int[] Started, int[] Ended);

    private readonly record struct Place(bool IsOurs, int Bracket, int Level);
}
