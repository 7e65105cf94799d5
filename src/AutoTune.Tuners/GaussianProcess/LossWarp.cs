using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>Turns losses of any scale and shape into targets that a Gaussian process can explain: mean 0, variance 1, no long tail.</summary>
/// <remarks>
/// <code>
/// near      losses up to the median: in proportion, in units of their root mean square distance from it;
///           losses above it: by rank alone, spread like the upper half of a normal distribution
///           (the half-rank warp of Vizier: Song and others 2024)
/// wide      z = (loss - best) / (ninth decile - best); z up to 2, then 2 + ln(z - 1)
/// </code>
/// In both a loss of 1e30 is not far above the next. The near view moves with the search: when half of the trials lie close to the best,
/// everything else is bad, and improvements of a millionth look as large as any. That is what finds a minimum exactly, and what never
/// leaves a wrong one: so the tuner takes the wide view from time to time. A trial without a loss is put half a deviation above the
/// worst, so that the search moves away from it; a trial that did not complete and of which there is no forecast counts by its last report, but never as
/// better than the best that completed.
/// </remarks>
internal static class LossWarp
{
    private const double FailurePenalty = 0.5; // deviations above the worst: enough to repel, not enough to flatten the rest

    /// <summary>The targets of these trials; all zero where no differences are known.</summary>
    /// <param name="observations">The trials (n).</param>
    /// <param name="view">How losses are looked at.</param>
    /// <param name="steepness">
    /// Receives the derivative of each target by its loss (n), NaN where there is none: without differences, and in the near view above the median,
    /// where ranks alone count. May be empty.
    /// </param>
    public static double[] Targets(IReadOnlyList<Observation> observations, LossView view, Span<double> steepness = default)
    {
        steepness.Fill(double.NaN);
        var losses = Losses(observations);
        var known = Array.FindAll(losses, double.IsFinite);
        var targets = new double[losses.Length];
        if (known.Length == 0) return targets;
        Array.Sort(known);
        if (view == LossView.Near) Near(known, losses, targets, steepness);
        else Wide(known, losses, targets, steepness);

        double mean = 0, square = 0, worst = double.NegativeInfinity;
        for (var i = 0; i < losses.Length; i++)
        {
            if (!double.IsFinite(losses[i])) continue;
            mean += targets[i] / known.Length;
            worst = Math.Max(worst, targets[i]);
        }

        for (var i = 0; i < losses.Length; i++)
        {
            if (double.IsFinite(losses[i])) square += (targets[i] - mean) * (targets[i] - mean) / known.Length;
        }

        for (var i = 0; i < losses.Length; i++)
        {
            if (!double.IsFinite(losses[i])) targets[i] = worst + FailurePenalty * Math.Max(Math.Sqrt(square), 0.1);
        }

        var deviation = Standardize(targets);
        for (var i = 0; i < steepness.Length; i++) steepness[i] /= deviation;
        return targets;
    }

    private static double[] Losses(IReadOnlyList<Observation> observations)
    {
        var best = double.NegativeInfinity;
        for (var i = 0; i < observations.Count; i++)
        {
            if ((observations[i] is { IsFinal: true } or { Drift: > 0 } or { Chance: > 0 }) && (double.IsInfinity(best) || observations[i].Loss < best)) best = observations[i].Loss;
        }

        var losses = new double[observations.Count];
        for (var i = 0; i < losses.Length; i++)
            losses[i] = double.IsFinite(observations[i].Loss) ? Math.Max(observations[i].Loss, best) : double.NaN;
        return losses;
    }

    private static void Near(double[] sorted, double[] losses, double[] targets, Span<double> steepness)
    {
        var median = sorted[(sorted.Length - 1) / 2];
        var reach = Apart(median, sorted[0]);
        var firstBad = Array.FindIndex(sorted, loss => loss > median);
        if (firstBad < 0) firstBad = sorted.Length;
        var square = 0.0;
        for (var i = 0; i < firstBad; i++) square += Depth(sorted[i]) * Depth(sorted[i]) / firstBad;
        var deviation = square > 0 ? Math.Sqrt(square) : 1;
        for (var i = 0; i < losses.Length; i++)
        {
            if (double.IsFinite(losses[i])) targets[i] = losses[i] <= median ? -Depth(losses[i]) / deviation : Score(losses[i]);
        }

        for (var i = 0; i < steepness.Length && reach > 0; i++)
        {
            if (losses[i] <= median) steepness[i] = 0.5 / reach / deviation;
        }

        // From 1 at the best loss to 0 at the median; all zero if these are equal.
        double Depth(double loss) => reach > 0 ? Apart(median, loss) / reach : 0;

        // The normal score of the middle rank of equal losses.
        double Score(double loss)
        {
            var first = Array.BinarySearch(sorted, loss);
            var last = first;
            while (first > firstBad && sorted[first - 1] == loss) first--;
            while (last + 1 < sorted.Length && sorted[last + 1] == loss) last++;
            var rank = (first + last) / 2.0 - firstBad + 0.5;
            return NormalDistribution.Quantile(0.5 + 0.5 * rank / (sorted.Length - firstBad));
        }
    }

    private static void Wide(double[] sorted, double[] losses, double[] targets, Span<double> steepness)
    {
        var reach = Apart(sorted[(sorted.Length - 1) * 9 / 10], sorted[0]);
        if (reach == 0) reach = Apart(sorted[^1], sorted[0]);
        if (reach == 0) return;
        for (var i = 0; i < losses.Length; i++)
        {
            if (!double.IsFinite(losses[i])) continue;
            var z = Apart(losses[i], sorted[0]) / reach;
            targets[i] = z <= 2 ? z : 2 + PortableMath.Log(Math.Min(z, 1e300) - 1);
            if (!steepness.IsEmpty) steepness[i] = 0.5 / reach / (z <= 2 ? 1 : z - 1);
        }
    }

    // Half of the distance, as the whole between two losses of opposite sign can overflow.
    private static double Apart(double high, double low) => high / 2 - low / 2;

    private static double Standardize(double[] targets)
    {
        double mean = 0, square = 0;
        foreach (var target in targets) mean += target / targets.Length;
        foreach (var target in targets) square += (target - mean) * (target - mean) / targets.Length;
        var deviation = square > 0 ? Math.Sqrt(square) : 1;
        for (var i = 0; i < targets.Length; i++) targets[i] = (targets[i] - mean) / deviation;
        return deviation;
    }
}
