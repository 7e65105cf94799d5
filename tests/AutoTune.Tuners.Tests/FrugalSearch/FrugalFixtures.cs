using System.Collections.Immutable;
using AutoTune.Tuners.FrugalSearch;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.FrugalSearch;

/// <summary>Tuners and loops that the tests of frugal search share.</summary>
internal static class FrugalFixtures
{
    public static readonly FrugalSearchOptions Local = new() { Form = FrugalForm.Local };

    public static FrugalSearchTuner Tuner(SearchSpace space, long seed = 0, FrugalSearchOptions? options = null, bool isMeasured = false)
        => new(space, options ?? new(), isMeasured, new RandomSource(seed).Fork("tuner"));

    /// <summary>Asks; the trial carries the proposal's tags, as in a study.</summary>
    public static Trial AskTrial(this ITuner tuner, int number, long seed = 0, params Trial[] pending)
    {
        var proposal = (Proposal.Evaluate)tuner.Ask(Fixtures.Request(number, seed, pending));
        return Fixtures.Running(number, proposal.Configuration) with { Tags = proposal.Tags ?? ImmutableSortedDictionary<string, string>.Empty };
    }

    public static Trial Ended(this Trial trial, double loss, double seconds = 1) => trial with
    {
        State = TrialState.Completed,
        StartedAt = DateTimeOffset.UnixEpoch,
        FinishedAt = DateTimeOffset.UnixEpoch.AddSeconds(seconds),
        Outcome = new TrialOutcome.Completed(loss, ImmutableSortedDictionary<string, double>.Empty),
    };

    /// <summary>Asks and tells in turn.</summary>
    public static List<Trial> DriveTagged(this ITuner tuner, Func<Configuration, double> loss, int trials, Func<Configuration, double>? seconds = null, long seed = 0)
    {
        var told = new List<Trial>();
        for (var number = 0; number < trials; number++)
        {
            var trial = tuner.AskTrial(number, seed);
            told.Add(trial.Ended(loss(trial.Configuration), seconds?.Invoke(trial.Configuration) ?? 1));
            tuner.Tell(told[^1]);
        }

        return told;
    }
}
