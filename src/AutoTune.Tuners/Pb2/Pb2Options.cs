namespace AutoTune.Tuners.Pb2;

/// <summary>How <see cref="Pb2Extensions.UsePb2{T}"/> trains. Immutable and thread-safe.</summary>
public sealed record Pb2Options
{
    /// <summary>How many trials are trained side by side; fewer where the study's limit of trials or the space is smaller. Default 8: the model makes do with less than chance.</summary>
    public int Size { get; init; } = 8;

    /// <summary>After how many steps the trials are compared, again and again. Default null: a tenth of the steps, at least 1.</summary>
    public int? Interval { get; init; }

    /// <summary>The share of the trials, rounded up, that are given up at each comparison for copies of as many of the best; above 0, at most 0.5. Default 0.25.</summary>
    public double QuantileFraction { get; init; } = 0.25;

    internal Pb2Options Validated()
    {
        new OptionRules(nameof(Pb2Options))
            .Demand(Size >= 2, nameof(Size), Size, "at least 2")
            .Demand(Interval is null or >= 1, nameof(Interval), Interval, "at least 1, or null for a tenth of the steps")
            .Demand(QuantileFraction is > 0 and <= 0.5, nameof(QuantileFraction), QuantileFraction, "above 0 and at most 0.5")
            .Check();
        return this;
    }
}
