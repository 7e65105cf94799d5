using System.Globalization;

namespace AutoTune.Torch;

/// <summary>How a learning rate is adapted while a network trains. Immutable and thread-safe.</summary>
public sealed record OnlineRateOptions
{
    /// <summary>
    /// By which share the rate may change in a step, above 0 and below 1: it is multiplied by one plus or minus this, times the cosine between the direction that
    /// the rate moves the weights in and the loss's descent. Default .02.
    /// </summary>
    public double Share { get; init; } = .02;

    /// <summary>The rate stays at or above this. Default 1e-8.</summary>
    public double Lowest { get; init; } = 1e-8;

    /// <summary>The rate stays at or below this. Default 10.</summary>
    public double Highest { get; init; } = 10;

    internal OnlineRateOptions Validated(double rate)
    {
        if (!(Share is > 0 and < 1)) throw Wrong(nameof(Share), Share, "above 0 and below 1");
        if (!(Lowest > 0)) throw Wrong(nameof(Lowest), Lowest, "above 0");
        if (!(Highest >= Lowest && double.IsFinite(Highest))) throw Wrong(nameof(Highest), Highest, "finite and at least Lowest");
        if (!(rate >= Lowest && rate <= Highest))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, string.Create(CultureInfo.InvariantCulture, $"The learning rate {rate} must be from {Lowest} to {Highest}; or set {nameof(OnlineRateOptions)}.Lowest and Highest."));
        return this;
    }

    internal double Change(double rate, double cosine) => double.IsFinite(cosine) ? Math.Clamp(rate * (1 + Share * cosine), Lowest, Highest) : rate;

    private static ArgumentOutOfRangeException Wrong(string name, double value, string rule)
        => new(name, value, string.Create(CultureInfo.InvariantCulture, $"{nameof(OnlineRateOptions)}.{name} {value} must be {rule}."));
}
