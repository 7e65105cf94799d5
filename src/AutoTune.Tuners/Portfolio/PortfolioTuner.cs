using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using AutoTune.Tuners.Forecasts;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Portfolio;

/// <summary>Several tuners that all learn from all trials, and that share the next ones by what each has shown in this study.</summary>
/// <remarks>
/// The rule is <see cref="Shares"/>. The first member begins alone, and is alone while most of what is known comes from trials that are not over. A trial notes its member as its origin, and why it was that one's turn.
/// A member that fails, waits or has nothing more to propose is passed over for the next one. Not thread-safe.
/// </remarks>
internal sealed class PortfolioTuner : ITuner
{
    /// <summary>The note that says why a trial was its member's.</summary>
    public const string Because = "because";

    private const int OpeningTrials = 30; // before, too few pairs of trials are known to tell one model from another
    private readonly ImmutableArray<Member> _members;
    private readonly TrialRecord _record;
    private readonly List<Trial> _told = [];

    public PortfolioTuner(ImmutableArray<Member> members)
    {
        _members = members;
        _record = new TrialRecord(members.Length);
    }

    public void Tell(Trial trial)
    {
        _told.Add(trial);
        _record.Add(MemberOf(trial), trial.Outcome is TrialOutcome.Completed ? Standing.Of(trial) : Standing.None);
        Exception? error = null;
        foreach (var member in _members)
        {
            try
            {
                member.Tuner.Tell(trial);
            }
            catch (Exception failure)
            {
                error ??= failure; // the others still learn of the trial
            }
        }

        if (error is not null) ExceptionDispatchInfo.Throw(error);
    }

    public Proposal Ask(AskRequest request)
    {
        if (_told.Count + request.Pending.Length < OpeningTrials) return AskFirst(request, "it opens the study");
        if (request.Pending.Count(trial => !trial.Reports.IsEmpty) > _told.Count) return AskFirst(request, "it learns from trials that are not over, and most are not");
        var pending = new int[_members.Length];
        foreach (var trial in request.Pending)
        {
            if (MemberOf(trial) is >= 0 and var member) pending[member]++;
        }

        var shares = Shares.Of(_members, PartialTrials.Standings(_told), _record, pending);
        return AskFirstOf(shares.Order(), request, shares.Reason);
    }

    private Proposal AskFirst(AskRequest request, string reason) => AskFirstOf([0, .. Enumerable.Range(1, _members.Length - 1)], request, _ => reason);

    private Proposal AskFirstOf(ReadOnlySpan<int> order, AskRequest request, Func<int, string> reason)
    {
        Exception? error = null;
        var failed = "";
        Proposal? none = null;
        foreach (var member in order)
        {
            var (name, tuner) = (_members[member].Name, _members[member].Tuner);
            try
            {
                var proposal = tuner.Ask(request with { Random = request.Random.Fork(name) });
                if (proposal is Proposal.Evaluate evaluate)
                {
                    var tags = evaluate.Tags ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
                    return evaluate with { Origin = name, Tags = tags.SetItem(Because, failed + reason(member)) };
                }

                // Waiting is the better answer: what is pending may change it.
                if (none is not Proposal.WaitForResults) none = proposal;
            }
            catch (Exception failure)
            {
                error ??= failure;
                failed += $"{name} failed ({failure.Message.TrimEnd('.')}); ";
            }
        }

        if (none is null) ExceptionDispatchInfo.Throw(error!);
        return none;
    }

    private int MemberOf(Trial trial)
    {
        for (var m = 0; m < _members.Length; m++)
        {
            if (_members[m].Name == trial.Origin) return m;
        }

        return -1;
    }
}
