using AutoTune.Testing;

namespace AutoTune.Tuners.Tests.FrugalSearch;

/// <summary>A problem whose trials take one to two hundred times as long at one end of the space as at the other, and are better there.</summary>
/// <param name="Space">The space.</param>
/// <param name="Cheap">Sets the configuration that takes least time.</param>
/// <param name="Loss">The loss; at least <see cref="Least"/>.</param>
/// <param name="Seconds">What a trial takes.</param>
internal sealed record CostlyProblem(SearchSpace Space, Action<ConfigurationBuilder> Cheap, Func<Configuration, double> Loss, Func<Configuration, double> Seconds)
{
    public const double Least = 0.1;

    /// <summary>Boosted trees: more leaves and more rounds at a lower rate are better, up to a point.</summary>
    public static CostlyProblem Trees()
    {
        var space = new SearchSpaceBuilder();
        var leaves = space.AddInteger("leaves", 4, 512, Scale.Log);
        var rounds = space.AddInteger("rounds", 10, 1000, Scale.Log);
        var rate = space.AddReal("rate", 0.005, 0.5, Scale.Log);
        var fraction = space.AddReal("fraction", 0.3, 1);
        return new(space.Build(), set => set.Set(leaves, 4).Set(rounds, 10), configuration =>
        {
            var size = Math.Log2(configuration.Get(leaves) / 4.0) / 7;
            var length = Math.Log10(configuration.Get(rounds) / 10.0) / 2;
            var learnt = Math.Log10(configuration.Get(rate) * configuration.Get(rounds)) - 1.3;
            return Least + 0.1 * Square(size - 0.75) + 0.08 * Square(learnt) + 0.06 * Square(1 - length) + 0.02 * Square(configuration.Get(fraction) - 0.8);
        }, configuration => 1 + 0.005 * configuration.Get(rounds) * Math.Pow(configuration.Get(leaves) / 4.0, 0.75));
    }

    /// <summary>A network: width, layers and epochs cost time; which rate is best depends on the choice of the descent.</summary>
    public static CostlyProblem Network()
    {
        var space = new SearchSpaceBuilder();
        var width = space.AddInteger("width", 16, 1024, Scale.Log);
        var layers = space.AddInteger("layers", 1, 6);
        var epochs = space.AddInteger("epochs", 3, 60, Scale.Log);
        var rate = space.AddReal("rate", 1e-4, 1e-1, Scale.Log);
        var descent = space.AddCategorical<string>("descent", ["sgd", "adam", "rmsprop"]);
        return new(space.Build(), set => set.Set(width, 16).Set(layers, 1).Set(epochs, 3), configuration =>
        {
            var (best, extra) = configuration.Get(descent) switch { "sgd" => (-1.5, 0.02), "adam" => (-3, 0.0), _ => (-3.3, 0.01) };
            return Least + extra + 0.08 * Square(Math.Log2(configuration.Get(width) / 256.0) / 4) + 0.05 * Square((configuration.Get(layers) - 3) / 3.0)
                + 0.1 * Math.Exp(-configuration.Get(epochs) / 15.0) + 0.1 * Square(Math.Log10(configuration.Get(rate)) - best) / 2;
        }, configuration => 1 + 0.004 * configuration.Get(epochs) * configuration.Get(layers) * Math.Pow(configuration.Get(width) / 16.0, 1.2));
    }

    /// <summary>One of two learners: a dear forest that is better in the end, and a cheap kernel machine.</summary>
    public static CostlyProblem Learners()
    {
        var space = new SearchSpaceBuilder();
        var learner = space.AddCategorical<string>("learner", ["kernel", "forest"]);
        var cost = space.AddReal("cost", 1e-3, 1e3, Scale.Log, activeWhen: learner.Is("kernel"));
        var gamma = space.AddReal("gamma", 1e-4, 10, Scale.Log, activeWhen: learner.Is("kernel"));
        var trees = space.AddInteger("trees", 10, 1000, Scale.Log, activeWhen: learner.Is("forest"));
        var depth = space.AddInteger("depth", 2, 20, activeWhen: learner.Is("forest"));
        return new(space.Build(), set => set.Set(learner, "kernel").Set(cost, 1e-3), configuration => configuration.Get(learner) == "kernel"
            ? Least + 0.03 + 0.02 * Square((Math.Log10(configuration.Get(cost)) - 1) / 2) + 0.03 * Square((Math.Log10(configuration.Get(gamma)) + 2) / 2)
            : Least + 0.04 * Square(Math.Log10(1000.0 / configuration.Get(trees)) / 2) + 0.06 * Square((configuration.Get(depth) - 14) / 12.0),
            configuration => configuration.Get(learner) == "kernel"
                ? 1 + 0.5 * Math.Sqrt(configuration.Get(cost))
                : 1 + 0.006 * configuration.Get(trees) * configuration.Get(depth));
    }

    /// <summary>What a random configuration takes on average.</summary>
    public double MeanSeconds()
    {
        var random = new RandomSource(1);
        return Enumerable.Range(0, 2000).Average(_ => Seconds(Space.Sample(random)));
    }

    /// <summary>Searches in virtual time.</summary>
    /// <param name="use">Sets the tuner.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="limits">Times, as multiples of what a random configuration takes.</param>
    /// <param name="slots">Trials at a time.</param>
    /// <returns>The best loss of the trials that had ended at each time, less the least.</returns>
    public async Task<double[]> RegretAsync(Func<StudyBuilder, StudyBuilder> use, long seed, double[] limits, int slots = 1)
    {
        var time = new VirtualTime();
        var mean = MeanSeconds();
        var study = new StudyBuilder("costly").Minimize("loss").WithSearchSpace(Space).WithSeed(seed)
            .ForAtMost(TimeSpan.FromSeconds(limits[^1] * mean)).UseVirtualTime(time, slots, (configuration, _) => TimeSpan.FromSeconds(Seconds(configuration)));
        var result = await use(study).RunAsync(trial => Loss(trial.Configuration));
        return [.. limits.Select(limit => result.View.Trials
            .Where(trial => trial.Loss is not null && trial.FinishedAt <= time.Start + TimeSpan.FromSeconds(limit * mean))
            .Select(trial => trial.Loss!.Value).DefaultIfEmpty(1).Min() - Least)];
    }

    private static double Square(double x) => x * x;
}
