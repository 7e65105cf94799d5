using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Tuners.Portfolio;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Hybrid;

/// <summary>Tuners one after the other, in turns, or by their record, that all learn from all trials.</summary>
/// <remarks>
/// Telling moves on from stage to stage, for good; asking may look ahead, where trials that are pending use up a stage, and keeps nothing of it. Whose trial one is
/// stands in its notes. Not thread-safe.
/// </remarks>
internal sealed class HybridTuner : ITuner
{
    /// <summary>The note that says of which stage a trial is, counted from 1.</summary>
    public const string StageNote = "stage";

    private readonly ImmutableArray<(int First, int Count, HandOver? Until, Allotment? Allotment)> _stages;
    private readonly Members _members;
    private readonly int? _trialLimit;
    private readonly int[] _toldOf; // by member
    private readonly int[] _toldOfStage; // whenever: one that was asked for ahead of its time is of its stage all the same
    private readonly List<Trial> _told = [];
    private Standing _best = Standing.None;
    private string _because = "the plan begins with it";
    private int _stage, _sinceBest;
    private bool _areGradientsTold;

    public HybridTuner(ImmutableArray<(ImmutableArray<Member> Members, HandOver? Until, bool IsBandit)> stages, int? trialLimit, TrialSteps? steps = null)
    {
        var first = 0;
        var ranges = ImmutableArray.CreateBuilder<(int, int, HandOver?, Allotment?)>();
        foreach (var (members, until, isBandit) in stages)
        {
            ranges.Add((first, members.Length, until, isBandit ? new Allotment(members, steps) : null));
            first += members.Length;
        }

        _stages = ranges.ToImmutable();
        _members = new Members([.. stages.SelectMany(stage => stage.Members)]);
        _trialLimit = trialLimit;
        (_toldOf, _toldOfStage) = (new int[first], new int[_stages.Length]);
    }

    public void Tell(Trial trial)
    {
        _told.Add(trial);
        var member = _members.IndexOf(trial.Origin);
        if (member >= 0) _toldOf[member]++;
        foreach (var (first, count, _, allotment) in _stages) allotment?.Tell(member >= first && member < first + count ? member - first : -1, trial);
        for (var stage = 0; stage < _stages.Length; stage++)
        {
            if (IsOf(trial, stage)) _toldOfStage[stage]++;
        }

        _sinceBest++;
        _areGradientsTold |= trial.Outcome is TrialOutcome.Completed { Gradient.Count: > 0 };
        var standing = trial.Outcome is TrialOutcome.Completed ? Standing.Of(trial) : Standing.None;
        if (standing < _best)
        {
            _best = standing;
            _sinceBest = 0;
        }

        while (Reason(_stage, _toldOfStage[_stage], _sinceBest, _told.Count) is { } reason) (_stage, _sinceBest, _because) = (_stage + 1, 0, reason);
        _members.Tell(trial);
    }

    public Proposal Ask(AskRequest request)
    {
        var (stage, because) = (_stage, _because);
        var sinceBest = _sinceBest;
        while (Reason(stage, _toldOfStage[stage] + request.Pending.Count(trial => IsOf(trial, stage)), sinceBest, _told.Count + request.Pending.Length) is { } reason)
            (stage, sinceBest, because) = (stage + 1, 0, reason);
        var pending = _members.CountOf(request.Pending);
        var (first, count, _, allotment) = _stages[stage];
        var shares = allotment?.Next(_told, pending.AsSpan(first, count));
        var turns = shares?.Order().Select(member => first + member) ?? MembersOf(stage).OrderBy(member => _toldOf[member] + pending[member]); // stable
        // Where this stage has nothing to say, a later one may, and else an earlier one.
        int[] order = [.. turns, .. Enumerable.Range(stage + 1, _stages.Length - stage - 1).SelectMany(MembersOf), .. Enumerable.Range(0, stage).Reverse().SelectMany(MembersOf)];
        return _members.AskFirstOf(order, request, Because, member => (StageNote, (StageOf(member) + 1).ToString(CultureInfo.InvariantCulture)));

        string Because(int member) => StageOf(member) != stage ? "the tuners before it have nothing to propose" : shares is null ? because : $"{because}; {shares.Reason(member - first)}";
    }

    private string? Reason(int stage, int started, int sinceBest, int startedInAll)
        => stage + 1 < _stages.Length ? _stages[stage].Until?.Reason(new StageState(stage, started, sinceBest, startedInAll, _trialLimit, _areGradientsTold)) : null;

    // Of another hybrid, in which this one is a member, a trial has notes, too, but no origin here.
    private bool IsOf(Trial trial, int stage) => _members.IndexOf(trial.Origin) >= 0 && trial.Tags.TryGetValue(StageNote, out var text) && text == (stage + 1).ToString(CultureInfo.InvariantCulture);

    private IEnumerable<int> MembersOf(int stage) => Enumerable.Range(_stages[stage].First, _stages[stage].Count);

    private int StageOf(int member)
    {
        var stage = _stages.Length - 1;
        while (_stages[stage].First > member) stage--;
        return stage;
    }
}
