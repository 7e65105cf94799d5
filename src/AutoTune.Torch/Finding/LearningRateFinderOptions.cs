namespace AutoTune.Torch;

/// <summary>How a learning-rate range test goes. Immutable and thread-safe.</summary>
public sealed record LearningRateFinderOptions
{
    /// <summary>The first rate, above 0. Default 1e-7.</summary>
    public double Low { get; init; } = 1e-7;

    /// <summary>The last rate, above <see cref="Low"/>. Default 10.</summary>
    public double High { get; init; } = 10;

    /// <summary>How many steps lie between them, a batch each, at least 10. Default 100.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>The weight of the past in the smoothed loss, from 0 (not smoothed) to below 1. Default 0.9.</summary>
    public double Smoothing { get; init; } = .9;

    /// <summary>At how many times the lowest smoothed loss the test ends before the last rate, above 1. Default 4.</summary>
    public double EndAt { get; init; } = 4;

    /// <summary>How the rate is read off the curve. Default <see cref="LearningRateRule.Valley"/>.</summary>
    public LearningRateRule Rule { get; init; }

    internal void Check()
    {
        if (!(Low > 0 && High > Low && double.IsFinite(High))) throw new ArgumentException(FormattableString.Invariant($"A range test from rate {Low} to {High}: the first must be above 0, the last above the first."));
        if (Steps < 10) throw new ArgumentException($"A range test of {Steps} steps says nothing; take at least 10.");
        if (Smoothing is not (>= 0 and < 1)) throw new ArgumentException(FormattableString.Invariant($"LearningRateFinderOptions.Smoothing {Smoothing} must be from 0 to below 1."));
        if (!(EndAt > 1)) throw new ArgumentException(FormattableString.Invariant($"LearningRateFinderOptions.EndAt {EndAt} must be above 1."));
    }
}
