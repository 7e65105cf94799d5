using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Portfolio;

/// <summary>Tuners that all learn from all trials; one that fails, waits or has nothing more to propose is passed over for the next. Not thread-safe.</summary>
internal sealed class Members(ImmutableArray<Member> members)
{
    /// <summary>The note that says why a trial was its member's.</summary>
    public const string Because = "because";

    public ImmutableArray<Member> All => members;

    /// <summary>Which member is the origin of a trial, itself or by a member of its own; -1: none.</summary>
    public int IndexOf(string origin)
    {
        for (var m = 0; m < members.Length; m++)
        {
            if (NestedOrigin.IsOf(origin, members[m].Name)) return m;
        }

        return -1;
    }

    /// <summary>How many of some trials are of each member.</summary>
    public int[] CountOf(ImmutableArray<Trial> trials)
    {
        var counts = new int[members.Length];
        foreach (var trial in trials)
        {
            if (IndexOf(trial.Origin) is >= 0 and var member) counts[member]++;
        }

        return counts;
    }

    /// <summary>Tells all of a trial.</summary>
    /// <exception cref="Exception">A member failed: the first failure; the others have learnt of the trial nevertheless.</exception>
    public void Tell(Trial trial)
    {
        Exception? error = null;
        foreach (var member in members)
        {
            try
            {
                member.Tuner.Tell(NestedOrigin.Within(trial, member.Name));
            }
            catch (Exception failure)
            {
                error ??= failure;
            }
        }

        if (error is not null) ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>The proposal of the first member, in this order, that has one; with its name as the origin and the reason as a note.</summary>
    /// <param name="order">Members by their indices.</param>
    /// <param name="request">The question.</param>
    /// <param name="reason">Why it is a member's turn.</param>
    /// <param name="note">One more note on a member's trial; null: none.</param>
    /// <exception cref="Exception">All failed: the first failure.</exception>
    public Proposal AskFirstOf(ReadOnlySpan<int> order, AskRequest request, Func<int, string> reason, Func<int, (string Key, string Text)>? note = null)
    {
        Exception? error = null;
        var failed = "";
        Proposal? none = null;
        foreach (var member in order)
        {
            var (name, tuner) = (members[member].Name, members[member].Tuner);
            try
            {
                var proposal = tuner.Ask(request with { Random = request.Random.Fork(name), Pending = NestedOrigin.Within(request.Pending, name) });
                if (proposal is Proposal.Evaluate evaluate)
                {
                    (var origin, var tags) = NestedOrigin.Of(evaluate, name);
                    if (note?.Invoke(member) is { } more) tags = tags.SetItem(more.Key, more.Text);
                    return evaluate with { Origin = origin, Tags = tags.SetItem(Because, failed + reason(member)) };
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
}
