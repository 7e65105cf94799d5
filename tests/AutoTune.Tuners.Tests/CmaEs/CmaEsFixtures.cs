using AutoTune.Tuners.CmaEs;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.CmaEs;

/// <summary>What the tests of CMA-ES share.</summary>
internal static class CmaEsFixtures
{
    public static CmaEsTuner Tuner(SearchSpace space, long seed = 0, CmaEsOptions? options = null)
        => new(space, options ?? new(), new RandomSource(seed).Fork("tuner"));

    /// <summary>Asks and tells in turn, tags included as a study does.</summary>
    public static List<Trial> Run(this CmaEsTuner tuner, Func<Configuration, double> loss, int trials, long seed = 0, int from = 0)
    {
        var told = new List<Trial>();
        for (var number = from; number < from + trials; number++)
        {
            told.Add(tuner.Propose(number, seed) with { State = TrialState.Completed });
            var value = loss(told[^1].Configuration);
            told[^1] = double.IsNaN(value)
                ? Fixtures.Failed(number, told[^1].Configuration) with { Tags = told[^1].Tags }
                : Fixtures.Completed(number, told[^1].Configuration, value) with { Tags = told[^1].Tags };
            tuner.Tell(told[^1]);
        }

        return told;
    }

    public static Trial Propose(this CmaEsTuner tuner, int number, long seed = 0, params Trial[] pending)
    {
        var proposal = (Proposal.Evaluate)tuner.Ask(Fixtures.Request(number, seed, pending));
        return Fixtures.Running(number, proposal.Configuration) with { Tags = proposal.Tags ?? Fixtures.Running(0, proposal.Configuration).Tags };
    }

    public static SearchSpace Integers(int dimensions, int low, int high)
    {
        var builder = new SearchSpaceBuilder();
        for (var j = 0; j < dimensions; j++) builder.AddInteger($"n{j}", low, high);
        return builder.Build();
    }

    public static double[] Numbers(Configuration configuration)
        => [.. configuration.Values.Where(value => value.Value is double or int).Select(value => Convert.ToDouble(value.Value, System.Globalization.CultureInfo.InvariantCulture))];
}
