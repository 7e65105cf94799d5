using System.Collections.Immutable;
using AutoTune.Tuners.Forecasts;

namespace AutoTune.Tuners.Portfolio;

/// <summary>Allots trials to tuners by what each has shown in this study, a bandit whose rewards come late and shrink; the rule is <see cref="Shares"/>. Not thread-safe.</summary>
/// <remarks>For the portfolio, and for the stages of a hybrid whose tuners share trials so (<c>h.Bandit</c>).</remarks>
/// <param name="members">The tuners among whom trials are shared, each of which learns from all.</param>
/// <param name="steps">What the steps of the trials are, if that was said.</param>
internal sealed class Allotment(ImmutableArray<Member> members, TrialSteps? steps)
{
    private readonly TrialRecord _record = new(members.Length);

    /// <summary>Takes a finished trial in.</summary>
    /// <param name="member">Which of the members proposed it; -1: none.</param>
    /// <param name="trial">The trial.</param>
    public void Tell(int member, Trial trial) => _record.Add(member, trial.Outcome is TrialOutcome.Completed ? Standing.Of(trial) : Standing.None);

    /// <summary>Whose turn it is.</summary>
    /// <param name="told">All trials that the members were told of, in order.</param>
    /// <param name="pending">How many trials of each member are pending.</param>
    public Shares Next(List<Trial> told, ReadOnlySpan<int> pending) => Shares.Of(members, PartialTrials.Standings(told, steps), _record, pending);
}
