using AutoTune.Tuners.GradientDescent;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.GradientDescent;

/// <summary>Trials with gradients, and a loop that makes them.</summary>
internal static class GradientFixtures
{
    /// <summary>A loss over the reals of a configuration, with its gradient.</summary>
    public delegate (double Loss, double[] Gradient) SmoothLoss(double[] reals);

    public static GradientDescentTuner Tuner(SearchSpace space, long seed = 0, GradientDescentOptions? options = null)
        => new(space, options ?? new(), new RandomSource(seed).Fork("tuner"));

    /// <summary>An ellipsoid of condition 100 around 0.3, 0.35, ...</summary>
    public static (double Loss, double[] Gradient) Ellipsoid(double[] x)
    {
        var (loss, gradient) = (0.0, new double[x.Length]);
        for (var j = 0; j < x.Length; j++)
        {
            var (weight, z) = (Math.Pow(100, j / Math.Max(1.0, x.Length - 1)), x[j] - 0.3 - 0.05 * (j % 8));
            loss += weight * z * z;
            gradient[j] = 2 * weight * z;
        }

        return (loss, gradient);
    }

    public static Trial Completed(int number, Configuration configuration, SmoothLoss loss)
    {
        var reals = configuration.Values.Where(value => value.Value is double).ToList();
        var (value, gradient) = loss([.. reals.Select(real => (double)real.Value)]);
        var values = new TrialValues(value);
        for (var j = 0; j < gradient.Length; j++) values = values.WithGradient(reals[j].Hyperparameter, gradient[j]);
        var trial = Fixtures.Completed(number, configuration, value);
        return trial with { Outcome = (TrialOutcome.Completed)trial.Outcome! with { Gradient = values.Gradient } };
    }

    /// <summary>Asks and tells in turn, with the tags of the proposals.</summary>
    public static List<Trial> Run(this ITuner tuner, SmoothLoss loss, int trials, long seed = 0)
    {
        var told = new List<Trial>();
        for (var number = 0; number < trials; number++)
        {
            var proposal = (Proposal.Evaluate)tuner.Ask(Fixtures.Request(number, seed));
            told.Add(Completed(number, proposal.Configuration, loss) with { Tags = proposal.Tags! });
            tuner.Tell(told[^1]);
        }

        return told;
    }
}
