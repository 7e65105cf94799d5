using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuners.Tpe;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Tpe;

/// <summary>Tuners and loops that the tests of TPE share.</summary>
internal static class TpeFixtures
{
    public static ITuner Tuner(SearchSpace space, long seed = 0, TpeOptions? options = null)
        => new TpeTuner(space, options ?? new(), new RandomSource(seed).Fork("tuner"));

    /// <summary>The median over seeds 0 to <paramref name="seeds"/> - 1 of the best loss.</summary>
    public static double MedianBest(Func<long, ITuner> create, Func<Configuration, double> loss, int trials, int seeds)
    {
        var best = Enumerable.Range(0, seeds).Select(seed => create(seed).Drive(loss, trials, seed).Min(trial => trial.Loss!.Value)).Order().ToArray();
        return best[seeds / 2];
    }

    /// <summary>The groups of a space with one condition at most: the dimensions that always exist.</summary>
    public static TpeDimension[] Dimensions(SearchSpace space)
        => [.. space.Encoding.Dimensions.Select((encoded, index) => new TpeDimension(encoded, index))];

    /// <summary>The logarithm of the density at one point.</summary>
    public static double LogDensity(this KernelMixture mixture, double[] unit, int[] hidden)
    {
        var logs = new double[1];
        mixture.LogDensities(unit, hidden, logs);
        return logs[0];
    }
}
