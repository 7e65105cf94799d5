using AutoTune.Spaces;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>What a known noise of the losses becomes in their targets.</summary>
/// <remarks>
/// <code>
/// w         the warp: through the pairs of loss and target, straight between them and on beyond the last
/// noise_i   half of w(loss_i + deviation) - w(loss_i - deviation), squared
/// </code>
/// Read off the targets, so that any increasing warp will do. Two evaluations of one configuration that gave different losses lie on w like any
/// others. No noise is larger than the targets' own variance, 1, or below the smallest with which the covariance matrix can be factored.
/// </remarks>
internal static class LossNoise
{
    private static readonly double Least = PortableMath.Exp(SurrogatePrior.LowestNoise);

    /// <summary>The noise's variance for each trial, in the units of the targets; a trial without a loss has the least.</summary>
    public static double[] Variances(IReadOnlyList<Observation> observations, double[] targets, double deviation)
        => Variances(observations, targets, _ => deviation, Least);

    /// <summary>The variance of each trial's <see cref="Observation.Drift"/>, in the units of the targets; 0 where there is none. Null if there is none at all.</summary>
    public static double[]? Drifts(IReadOnlyList<Observation> observations, double[] targets) => OfEach(observations, targets, observation => observation.Drift);

    /// <summary>The variance of each trial's <see cref="Observation.Chance"/>, in the units of the targets; 0 where there is none. Null if there is none at all.</summary>
    public static double[]? Chances(IReadOnlyList<Observation> observations, double[] targets) => OfEach(observations, targets, observation => observation.Chance);

    private static double[]? OfEach(IReadOnlyList<Observation> observations, double[] targets, Func<Observation, double> deviationOf)
    {
        var any = false;
        for (var i = 0; i < observations.Count && !any; i++) any = deviationOf(observations[i]) > 0;
        return any ? Variances(observations, targets, i => deviationOf(observations[i]), 0) : null;
    }

    private static double[] Variances(IReadOnlyList<Observation> observations, double[] targets, Func<int, double> deviationOf, double least)
    {
        var variances = new double[targets.Length];
        variances.AsSpan().Fill(least);
        var order = new List<int>(targets.Length);
        for (var i = 0; i < targets.Length; i++)
        {
            if (double.IsFinite(observations[i].Loss)) order.Add(i);
        }

        order.Sort((a, b) => observations[a].Loss.CompareTo(observations[b].Loss) is not 0 and var difference ? difference : a.CompareTo(b));
        List<double> losses = [], warped = [];
        foreach (var i in order)
        {
            if (losses.Count > 0 && losses[^1] == observations[i].Loss) continue;
            losses.Add(observations[i].Loss);
            warped.Add(targets[i]);
        }

        if (losses.Count < 2) return variances;
        foreach (var i in order)
        {
            var deviation = deviationOf(i);
            if (deviation == 0) continue;
            var half = 0.5 * (At(losses, warped, observations[i].Loss + deviation) - At(losses, warped, observations[i].Loss - deviation));
            variances[i] = double.IsFinite(half) ? Math.Clamp(half * half, least, 1) : 1;
        }

        return variances;
    }

    private static double At(List<double> losses, List<double> warped, double loss)
    {
        var above = losses.BinarySearch(loss);
        if (above >= 0) return warped[above];
        above = Math.Clamp(~above, 1, losses.Count - 1);
        var share = (loss / 2 - losses[above - 1] / 2) / (losses[above] / 2 - losses[above - 1] / 2); // halves, as the whole could overflow
        return warped[above - 1] + share * (warped[above] - warped[above - 1]);
    }
}
