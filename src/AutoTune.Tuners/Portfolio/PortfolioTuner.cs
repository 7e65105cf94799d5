using System.Collections.Immutable;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Portfolio;

/// <summary>Several tuners that all learn from all trials, and that share the next ones by what each has shown in this study.</summary>
/// <remarks>
/// The rule is <see cref="Shares"/>. The first member begins alone, and is alone while most of what is known comes from trials that are not over. A trial notes its member as its origin, and why it was that one's turn.
/// A member that fails, waits or has nothing more to propose is passed over for the next one. Not thread-safe.
/// </remarks>
internal sealed class PortfolioTuner : ITuner
{
    private const int OpeningTrials = 50; // before, too few pairs of trials are known to tell one model from another
    private readonly ImmutableArray<Member> _members;
    private readonly Members _all;
    private readonly Allotment _allotment;
    private readonly List<Trial> _told = [];

    public PortfolioTuner(ImmutableArray<Member> members, TrialSteps? steps = null)
    {
        _members = members;
        _all = new Members(members);
        _allotment = new Allotment(members, steps);
    }

    public void Tell(Trial trial)
    {
        _told.Add(trial);
        _allotment.Tell(_all.IndexOf(trial.Origin), trial);
        _all.Tell(trial);
    }

    public Proposal Ask(AskRequest request)
    {
        if (_told.Count + request.Pending.Length < OpeningTrials) return AskFirst(request, "it opens the study");
        if (request.Pending.Count(trial => !trial.Reports.IsEmpty) > _told.Count) return AskFirst(request, "it learns from trials that are not over, and most are not");
        var shares = _allotment.Next(_told, _all.CountOf(request.Pending));
        return _all.AskFirstOf(shares.Order(), request, shares.Reason);
    }

    private Proposal AskFirst(AskRequest request, string reason) => _all.AskFirstOf([0, .. Enumerable.Range(1, _members.Length - 1)], request, _ => reason);
}
