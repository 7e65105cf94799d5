using System.Globalization;

namespace AutoTune.Torch;

/// <summary>How <see cref="AutoTune.Marthe"/> trains. Immutable and thread-safe.</summary>
public sealed record MartheOptions
{
    /// <summary>The momentum of the descent, from 0 to below 1. Default .9.</summary>
    public double Momentum { get; init; } = .9;

    /// <summary>
    /// How much of the rate's effect on earlier steps is remembered, from 0 to 1. 0 looks at the last step alone (hypergradient descent, on the validation loss),
    /// 1 at the whole training (RTHO, Franceschi and others 2017). Default .99.
    /// </summary>
    public double Memory { get; init; } = .99;

    /// <summary>How the rate follows.</summary>
    public OnlineRateOptions Rate { get; init; } = new();

    internal MartheOptions Validated(double rate)
    {
        if (!(Momentum is >= 0 and < 1)) throw Wrong(nameof(Momentum), Momentum, "at least 0 and below 1");
        if (!(Memory is >= 0 and <= 1)) throw Wrong(nameof(Memory), Memory, "from 0 to 1");
        Rate.Validated(rate);
        return this;
    }

    private static ArgumentOutOfRangeException Wrong(string name, double value, string rule)
        => new(name, value, string.Create(CultureInfo.InvariantCulture, $"{nameof(MartheOptions)}.{name} {value} must be {rule}."));
}
