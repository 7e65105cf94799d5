using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Numerics;
using AutoTune.Tuners.PopulationTraining;

namespace AutoTune.Tuners.Pb2;

/// <summary>What the model learns from: for each stretch between two comparisons what was trained with, when, from where, and how well it did.</summary>
/// <remarks>
/// <code>
/// time      the comparison at the stretch's end, as a share of all
/// standing  the share of the trials of that round that began with a lower loss; 0 for fresh weights, which are taken as equally good
/// target    minus the normal score of the decrease of the loss per step among the stretches of its round; low is good
/// </code>
/// PB2 standardises the changes of all rounds together. Changes shrink as training goes on, often by orders of magnitude, and one loss that
/// diverged would flatten the rest: here a stretch counts by its rank among those of its round (chosen).
/// </remarks>
internal static class Improvements
{
    /// <summary>The most stretches that the model holds, the latest: more would take long, and what lies far back is forgotten anyway.</summary>
    public const int Most = 150;

    /// <summary>Observations and their targets.</summary>
    /// <param name="stretches">The stretches of whole rounds.</param>
    /// <param name="layout">The space, with time and standing as its context.</param>
    /// <param name="rounds">How many comparisons there are in all.</param>
    public static (List<Observation> Observations, double[] Targets) Of(IEnumerable<Stretch> stretches, SpaceLayout layout, double rounds)
    {
        var observations = new List<Observation>();
        var targets = new List<double>();
        foreach (var round in stretches.GroupBy(stretch => stretch.Round).OrderBy(round => round.Key))
        {
            List<Stretch> all = [.. round.OrderBy(stretch => stretch.Trial)];
            var scores = Scores([.. all.Select(Decrease)]);
            for (var i = 0; i < all.Count; i++)
            {
                observations.Add(Observe(all[i].Configuration, layout, [round.Key / rounds, Standing(all, all[i].LossBefore)]));
                targets.Add(-scores[i]);
            }
        }

        var from = Math.Max(0, targets.Count - Most);
        return (observations[from..], [.. targets[from..]]);
    }

    public static Observation Observe(Configuration configuration, SpaceLayout layout, double[] context)
    {
        var (unit, active) = (new double[layout.Count], new bool[layout.Count]);
        layout.Encode(configuration, unit, active);
        return new Observation(configuration, unit, active, 0, true, true, double.NaN) { Context = context };
    }

    /// <summary>The share of the others that began with a lower loss.</summary>
    public static double Standing(IReadOnlyCollection<Stretch> others, double lossBefore)
        => double.IsNaN(lossBefore) || others.Count < 2 ? 0 : others.Count(other => other.LossBefore < lossBefore) / (others.Count - 1.0);

    // By halves, as the difference of two losses can overflow.
    private static double Decrease(Stretch stretch)
    {
        var before = double.IsNaN(stretch.LossBefore) ? 0 : stretch.LossBefore / 2;
        return (before - stretch.LossAfter / 2) / Math.Max(1, stretch.ToStep - stretch.FromStep);
    }

    /// <summary>The normal score of each number's rank, equal ones sharing theirs.</summary>
    internal static double[] Scores(double[] values)
    {
        var scores = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (below, equal) = (0, 0);
            foreach (var other in values)
            {
                if (other < values[i]) below++;
                else if (other == values[i]) equal++;
            }

            scores[i] = NormalDistribution.Quantile((below + 0.5 * equal) / values.Length);
        }

        return scores;
    }
}
