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

    /// <summary>Which member has this name; -1: none.</summary>
    public int IndexOf(string name)
    {
        for (var m = 0; m < members.Length; m++)
        {
            if (members[m].Name == name) return m;
        }

        return -1;
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
                member.Tuner.Tell(trial);
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
                var proposal = tuner.Ask(request with { Random = request.Random.Fork(name) });
                if (proposal is Proposal.Evaluate evaluate)
                {
                    var tags = evaluate.Tags ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
                    if (note?.Invoke(member) is { } more) tags = tags.SetItem(more.Key, more.Text);
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
}
