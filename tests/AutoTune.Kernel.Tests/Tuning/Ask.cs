using System.Collections.Immutable;
using AutoTune.Tuning;

namespace AutoTune.Kernel.Tests.Tuning;

/// <summary>Asks and tells a tuner as a study does.</summary>
internal static class Ask
{
    public static AskRequest Request(int number, params IEnumerable<Trial> pending)
        => new(new TrialId(number), null, ImmutableSortedDictionary<string, string>.Empty, [.. pending], new RandomSource(1).Fork("ask", number));

    public static Trial Finished(int number, Configuration configuration)
        => new() { Id = new TrialId(number), Configuration = configuration, State = TrialState.Completed, Outcome = new TrialOutcome.Completed(number, ImmutableSortedDictionary<string, double>.Empty) };

    /// <summary>The configurations in the order of their proposal, each told before the next is asked for, until the tuner has had enough.</summary>
    public static List<Configuration> UntilExhausted(ITuner tuner, int from = 0, int most = int.MaxValue)
    {
        var all = new List<Configuration>();
        while (all.Count < most && tuner.Ask(Request(from + all.Count)) is Proposal.Evaluate { Configuration: var configuration })
        {
            tuner.Tell(Finished(from + all.Count, configuration));
            all.Add(configuration);
        }

        return all;
    }
}
