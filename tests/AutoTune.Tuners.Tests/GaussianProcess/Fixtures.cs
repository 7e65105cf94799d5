using System.Collections.Immutable;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.GaussianProcess;

/// <summary>Spaces and loops that several tests share.</summary>
internal static class Fixtures
{
    /// <summary>Every kind of hyperparameter, two levels of conditions.</summary>
    public static SearchSpace MixedSpace()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddReal("x", -1, 1);
        builder.AddInteger("width", 4, 512, Scale.Log);
        builder.AddOrdered<int>("size", [1, 2, 4, 8]);
        var trainer = builder.AddCategorical<string>("trainer", ["svm", "forest", "linear"]);
        builder.AddReal("cost", 1e-3, 1e3, Scale.Log, activeWhen: trainer.Is("svm", "linear"));
        var kernel = builder.AddCategorical<string>("kernel", ["rbf", "poly"], trainer.Is("svm"));
        builder.AddInteger("degree", 2, 5, activeWhen: kernel.Is("poly"));
        builder.AddInteger("depth", 1, 20, activeWhen: trainer.Is("forest"));
        builder.AddReal("share", 0, 1, step: 0.1, activeWhen: trainer.Is("forest"));
        builder.AddReal("fixed", 2, 2);
        return builder.Build();
    }

    /// <summary>A cube of reals from 0 to 1.</summary>
    public static SearchSpace Cube(int dimensions)
    {
        var builder = new SearchSpaceBuilder();
        for (var j = 0; j < dimensions; j++) builder.AddReal($"x{j}", 0, 1);
        return builder.Build();
    }

    public static double[] Reals(Configuration configuration)
        => [.. configuration.Values.Where(value => value.Value is double).Select(value => (double)value.Value)];

    public static ITuner Tuner(SearchSpace space, long seed = 0, GaussianProcessOptions? options = null)
        => new GaussianProcessTuner(space, options ?? new(), new RandomSource(seed).Fork("tuner"));

    public static AskRequest Request(int number, long seed = 0, params Trial[] pending)
        => new(new TrialId(number), null, ImmutableSortedDictionary<string, string>.Empty, [.. pending], new RandomSource(seed).Fork("ask", number));

    public static Configuration Ask(this ITuner tuner, int number, long seed = 0, params Trial[] pending)
        => ((Proposal.Evaluate)tuner.Ask(Request(number, seed, pending))).Configuration;

    public static Trial Completed(int number, Configuration configuration, double loss) => new()
    {
        Id = new TrialId(number),
        Configuration = configuration,
        State = TrialState.Completed,
        Outcome = new TrialOutcome.Completed(loss, ImmutableSortedDictionary<string, double>.Empty),
    };

    public static Trial Failed(int number, Configuration configuration) => new()
    {
        Id = new TrialId(number),
        Configuration = configuration,
        State = TrialState.Failed,
        Outcome = new TrialOutcome.Failed(new TrialError("Boom", "it failed"), false),
    };

    public static Trial Stopped(int number, Configuration configuration, params double[] reports) => new()
    {
        Id = new TrialId(number),
        Configuration = configuration,
        State = TrialState.Stopped,
        Reports = [.. reports.Select((loss, step) => new TrialReport(new TrialId(number), step + 1, loss))],
        Outcome = new TrialOutcome.Stopped(reports.Length, "not promising"),
    };

    public static Trial Running(int number, Configuration configuration) => new() { Id = new TrialId(number), Configuration = configuration };

    /// <summary>Asks and tells in turn.</summary>
    public static List<Trial> Drive(this ITuner tuner, Func<Configuration, double> loss, int trials, long seed = 0)
    {
        var told = new List<Trial>();
        for (var number = 0; number < trials; number++)
        {
            var configuration = tuner.Ask(number, seed);
            told.Add(Completed(number, configuration, loss(configuration)));
            tuner.Tell(told[^1]);
        }

        return told;
    }

    public static Observation[] Observations(SpaceLayout layout, SearchSpace space, int count, long seed = 7)
    {
        var random = new RandomSource(seed);
        return [.. Enumerable.Range(0, count).Select(number => Observation.Of(Completed(number, space.Sample(random), random.NextGaussian()), layout))];
    }
}
