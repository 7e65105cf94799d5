using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>Turns losses of any scale and shape into targets that a Gaussian process can explain: mean 0, variance 1, no long tail.</summary>
/// <remarks>
/// <code>
/// m         the median
/// good      losses up to the median: kept as they are, in units of their root mean square distance from m
/// bad       losses above it: only their order counts, spread like the upper half of a normal distribution
/// </code>
/// (The half-rank warp of Vizier: Song and others 2024, section 3.2.) How bad the bad ones are does not matter to a search for the
/// best, but would flatten everything else; a loss of 1e30 is one rank above the next. The half moves with the search: as the median
/// falls, the good half resolves ever finer differences. A trial without a loss is put half a deviation above the worst, so that the
/// search moves away from it; a stopped trial counts by its last report, but never as better than the best that completed.
/// </remarks>
internal static class LossWarp
{
    private const double FailurePenalty = 0.5; // deviations above the worst: enough to repel, not enough to flatten the rest

    /// <summary>The targets of these trials; all zero where no differences are known.</summary>
    public static double[] Targets(IReadOnlyList<Observation> observations)
    {
        var losses = Losses(observations);
        var known = Array.FindAll(losses, double.IsFinite);
        var targets = new double[losses.Length];
        if (known.Length == 0) return targets;
        Array.Sort(known);
        var scale = new Scale(known);
        var worst = double.NegativeInfinity;
        for (var i = 0; i < losses.Length; i++)
        {
            if (!double.IsFinite(losses[i])) continue;
            targets[i] = scale.Apply(losses[i]);
            worst = Math.Max(worst, targets[i]);
        }

        for (var i = 0; i < losses.Length; i++)
        {
            if (!double.IsFinite(losses[i])) targets[i] = worst + FailurePenalty;
        }

        Standardize(targets);
        return targets;
    }

    private static double[] Losses(IReadOnlyList<Observation> observations)
    {
        var best = double.NegativeInfinity;
        for (var i = 0; i < observations.Count; i++)
        {
            if (observations[i].IsFinal && (double.IsInfinity(best) || observations[i].Loss < best)) best = observations[i].Loss;
        }

        var losses = new double[observations.Count];
        for (var i = 0; i < losses.Length; i++)
            losses[i] = double.IsFinite(observations[i].Loss) ? Math.Max(observations[i].Loss, best) : double.NaN;
        return losses;
    }

    private static void Standardize(double[] targets)
    {
        double mean = 0, square = 0;
        foreach (var target in targets) mean += target / targets.Length;
        foreach (var target in targets) square += (target - mean) * (target - mean) / targets.Length;
        var deviation = square > 0 ? Math.Sqrt(square) : 1;
        for (var i = 0; i < targets.Length; i++) targets[i] = (targets[i] - mean) / deviation;
    }

    /// <summary>The warp that sorted losses define.</summary>
    private sealed class Scale
    {
        private readonly double[] _sorted;
        private readonly int _firstBad;
        private readonly double _median, _reach, _deviation;

        public Scale(double[] sorted)
        {
            _sorted = sorted;
            _median = sorted[(sorted.Length - 1) / 2];
            // Halves, as the difference of two losses of opposite sign can overflow.
            _reach = _median / 2 - sorted[0] / 2;
            _firstBad = Array.FindIndex(sorted, loss => loss > _median);
            if (_firstBad < 0) _firstBad = sorted.Length;
            var square = 0.0;
            for (var i = 0; i < _firstBad; i++) square += Depth(sorted[i]) * Depth(sorted[i]) / _firstBad;
            _deviation = square > 0 ? Math.Sqrt(square) : 1;
        }

        public double Apply(double loss)
        {
            if (loss <= _median) return Depth(loss) / _deviation;
            // The middle rank of equal losses.
            var first = _firstBad;
            while (_sorted[first] < loss) first++;
            var last = first;
            while (last + 1 < _sorted.Length && _sorted[last + 1] == loss) last++;
            var rank = (first + last) / 2.0 - _firstBad + 0.5;
            return NormalDistribution.Quantile(0.5 + 0.5 * rank / (_sorted.Length - _firstBad));
        }

        // From -1 at the best loss to 0 at the median; all zero if these are equal.
        private double Depth(double loss) => _reach > 0 ? (loss / 2 - _median / 2) / _reach : 0;
    }
}
