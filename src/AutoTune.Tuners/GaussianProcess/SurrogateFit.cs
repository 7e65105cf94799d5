using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>Finds the most probable settings of a surrogate: from several starts, by gradients.</summary>
internal static class SurrogateFit
{
    private const int MaxEvaluations = 60;
    private const double NoisySlopes = 3;
    private const double Tolerance = 1e-2; // the posterior is flat in what this leaves open

    /// <summary>The best settings found.</summary>
    /// <param name="set">The trials.</param>
    /// <param name="prior">What was believed before.</param>
    /// <param name="previous">The settings for fewer of the same trials, if there are any: a warm start.</param>
    /// <param name="bends">Whether columns may be bent: see <see cref="InputWarp"/>.</param>
    public static KernelSettings Find(TrainingSet set, SurrogatePrior prior, KernelSettings? previous, bool bends = false)
    {
        if (set.Slopes is not null) return FindWithSlopes(set, prior, previous);
        var likelihood = new SurrogateLikelihood(set, prior, bends);
        var mode = prior.Mode(set.Layout.Weights);
        int kernel = mode.LogValues.Length, size = likelihood.Size;
        double[] low = new double[size], high = new double[size], best = [];
        low.AsSpan().Fill(-InputWarp.Furthest);
        high.AsSpan().Fill(InputWarp.Furthest);
        SurrogatePrior.Bounds(low.AsSpan(0, kernel), high.AsSpan(0, kernel));
        (low[^1], high[^1]) = (-SurrogatePrior.MostParts, SurrogatePrior.MostParts);
        var minimizer = new BoxMinimizer(size);
        var bestValue = double.PositiveInfinity;
        foreach (var settings in Starts(mode, previous))
        {
            var start = new double[size]; // nothing is bent, unless it was before
            settings.LogValues.CopyTo(start, 0);
            settings.LogWarps.CopyTo(start, kernel);
            start[^1] = PortableMath.Log(settings.Parts / (1 - settings.Parts));
            var value = minimizer.Minimize(likelihood.Evaluate, start, low, high, MaxEvaluations, Tolerance);
            if (!(value < bestValue)) continue;
            bestValue = value;
            best = start;
        }

        return best.Length > 0 ? new KernelSettings(best[..kernel]) { LogWarps = best[kernel..^1], Parts = 1 / (1 + PortableMath.Exp(-best[^1])) } : mode;
    }

    private static KernelSettings FindWithSlopes(TrainingSet set, SurrogatePrior prior, KernelSettings? previous)
    {
        var likelihood = new SlopedLikelihood(set, prior);
        var mode = prior.Mode(set.Layout.Weights);
        int kernel = mode.LogValues.Length, size = likelihood.Size;
        double[] low = new double[size], high = new double[size], best = [];
        SurrogatePrior.Bounds(low.AsSpan(0, kernel), high.AsSpan(0, kernel));
        (low[^1], high[^1]) = (SurrogatePrior.LowestSlopeNoise, SurrogatePrior.HighestSlopeNoise);
        var minimizer = new BoxMinimizer(size);
        var bestValue = double.PositiveInfinity;
        // Where derivatives do not go with the losses, noise explains them better than ruggedness; a search from little noise seldom gets there.
        KernelSettings[] withNoise = previous is null ? [mode with { LogSlopeNoise = NoisySlopes }] : [];
        foreach (var settings in Starts(mode, previous).Concat(withNoise))
        {
            double[] start = [.. settings.LogValues, settings.LogSlopeNoise];
            var value = minimizer.Minimize(likelihood.Evaluate, start, low, high, MaxEvaluations, Tolerance);
            if (!(value < bestValue)) continue;
            bestValue = value;
            best = start;
        }

        return best.Length > 0 ? new KernelSettings(best[..kernel]) { LogSlopeNoise = best[^1] } : mode;
    }

    private static IEnumerable<KernelSettings> Starts(KernelSettings mode, KernelSettings? previous)
    {
        if (previous is { } warm) yield return warm;
        yield return mode;
        if (previous is not null) yield break;

        // Short length scales and more noise: where a rugged or a noisy loss is explained, far from the prior's mode.
        var rugged = (double[])mode.LogValues.Clone();
        for (var w = 0; w < mode.Weights; w++) rugged[w] = 2;
        rugged[^1] = -5;
        yield return mode with { LogValues = rugged };
    }
}
