using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Torch;
using AutoTune.Torch.Finding;

namespace AutoTune;

/// <summary>What a learning-rate range test found: the curve, the rates that rules read off it, and a reason in words.</summary>
/// <remarks>Immutable and thread-safe. Where the loss never fell, there is no rate.</remarks>
public sealed record LearningRateCurve
{
    internal LearningRateCurve(ImmutableArray<LearningRatePoint> points, LearningRateRule rule, string end)
    {
        Points = points;
        var smoothed = points.Select(point => point.Smoothed).ToArray();
        var lowest = Array.IndexOf(smoothed, smoothed.Min());
        Falls = points.Length >= 3 && lowest > 0 && smoothed[lowest] < CurveRules.LeastFall * smoothed[0];
        if (!Falls)
        {
            Reason = string.Create(CultureInfo.InvariantCulture, $"the smoothed loss never fell by a hundredth of its first value, {smoothed[0]:g3}; {end}. Look whether the loss depends on the network, and whether the rates begin low enough.");
            return;
        }

        var underWay = CurveRules.UnderWay(smoothed, lowest);
        var (from, to) = CurveRules.Valley(smoothed.AsSpan(underWay, lowest - underWay + 1));
        (from, to) = (from + underWay, to + underWay);
        Valley = points[from + (to - from) / 2].Rate;
        Steepest = points[CurveRules.Steepest(smoothed, underWay, lowest)].Rate;
        (Lowest, MinimumOverTen) = (points[lowest].Rate, points[lowest].Rate / 10);
        var how = rule switch
        {
            LearningRateRule.Steepest => "where the smoothed loss falls fastest",
            LearningRateRule.MinimumOverTen => "a tenth of the rate of the lowest smoothed loss",
            _ => string.Create(CultureInfo.InvariantCulture, $"the middle of the way down, which is well begun at {points[from].Rate:g2} and ends at {points[to].Rate:g2}"),
        };
        Suggested = rule switch { LearningRateRule.Steepest => Steepest, LearningRateRule.MinimumOverTen => MinimumOverTen, _ => Valley };
        Reason = string.Create(CultureInfo.InvariantCulture, $"{Suggested:g2}: {how}; the smoothed loss fell from {smoothed[0]:g3} to {smoothed[lowest]:g3} at rate {Lowest:g2}; {end}");
    }

    /// <summary>The steps of the test, from the lowest rate up.</summary>
    public ImmutableArray<LearningRatePoint> Points { get; }

    /// <summary>Whether the loss fell at any rate: if not, there is no rate to read off.</summary>
    public bool Falls { get; }

    /// <summary>The rate that the chosen rule says; NaN if the loss never fell.</summary>
    public double Suggested { get; } = double.NaN;

    /// <summary>The middle of the longest way down, from where a fifth of the fall is behind; NaN if the loss never fell.</summary>
    public double Valley { get; } = double.NaN;

    /// <summary>Where the smoothed loss falls fastest; NaN if it never fell.</summary>
    public double Steepest { get; } = double.NaN;

    /// <summary>A tenth of <see cref="Lowest"/>; NaN if the loss never fell.</summary>
    public double MinimumOverTen { get; } = double.NaN;

    /// <summary>The rate of the lowest smoothed loss, beyond which training diverges; NaN if the loss never fell.</summary>
    public double Lowest { get; } = double.NaN;

    /// <summary>Why this rate, in words.</summary>
    public string Reason { get; }

    /// <summary>
    /// A range for a search, on a log scale, with the suggested rate as its default: <c>o.AdamW(new AdamWOptions { LearningRate = found.Range() })</c>, and
    /// <c>study.TryDefaultsFirst()</c> to begin with it.
    /// </summary>
    /// <param name="factor">The range's low end is the suggested rate divided by this, its high end the larger of the rate of the lowest loss and the suggested rate times this; above 1, 10 by default.</param>
    /// <exception cref="InvalidOperationException">The loss never fell.</exception>
    public RealRange Range(double factor = 10)
    {
        if (!(factor > 1)) throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor of a range must be above 1.");
        if (!Falls) throw new InvalidOperationException($"The range test found no learning rate: {Reason}");
        return new RealRange(Suggested / factor, Math.Max(Lowest, Suggested * factor), Scale.Log, Suggested);
    }

    /// <inheritdoc/>
    public override string ToString() => Reason;
}
