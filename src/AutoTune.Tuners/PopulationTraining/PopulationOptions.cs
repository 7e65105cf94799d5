using System.Globalization;

namespace AutoTune.Tuners.PopulationTraining;

/// <summary>How <see cref="PopulationExtensions.UsePopulation{T}"/> trains. Immutable and thread-safe.</summary>
public sealed record PopulationOptions
{
    /// <summary>How many trials are trained side by side; fewer where the study's limit of trials or the space is smaller. Default 10.</summary>
    public int Size { get; init; } = 10;

    /// <summary>After how many steps the trials are compared, again and again. Default null: a tenth of the steps, at least 1.</summary>
    public int? Interval { get; init; }

    /// <summary>The share of the trials, rounded up, that are given up at each comparison for copies of as many of the best; above 0, at most 0.5. Default 0.25.</summary>
    public double QuantileFraction { get; init; } = 0.25;

    /// <summary>With which probability a copied hyperparameter is drawn anew instead of moved; 0 to 1. Default 0.25.</summary>
    public double ResampleProbability { get; init; } = 0.25;

    /// <summary>By what a copied number is multiplied where it grows; above 1. Default 1.2.</summary>
    public double GrowthFactor { get; init; } = 1.2;

    /// <summary>By what a copied number is multiplied where it shrinks; above 0, below 1. Default 0.8.</summary>
    public double ShrinkFactor { get; init; } = 0.8;

    internal PopulationOptions Validated()
    {
        new OptionRules(nameof(PopulationOptions))
            .Demand(Size >= 2, nameof(Size), Size, "at least 2")
            .Demand(Interval is null or >= 1, nameof(Interval), Interval, "at least 1, or null for a tenth of the steps")
            .Demand(QuantileFraction is > 0 and <= 0.5, nameof(QuantileFraction), QuantileFraction, "above 0 and at most 0.5")
            .Demand(ResampleProbability is >= 0 and <= 1, nameof(ResampleProbability), ResampleProbability, "from 0 to 1")
            .Demand(GrowthFactor is > 1 and < double.PositiveInfinity, nameof(GrowthFactor), GrowthFactor, "above 1")
            .Demand(ShrinkFactor is > 0 and < 1, nameof(ShrinkFactor), ShrinkFactor, "above 0 and below 1")
            .Check();
        return this;
    }
}
