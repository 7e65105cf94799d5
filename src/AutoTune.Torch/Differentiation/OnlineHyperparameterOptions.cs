using System.Globalization;

namespace AutoTune.Torch;

/// <summary>How <see cref="AutoTune.OnlineHyperparameters"/> moves. Immutable and thread-safe.</summary>
public sealed record OnlineHyperparameterOptions
{
    /// <summary>How far a step goes at most, as a share of a hyperparameter's range on its scale; above 0, at most 1. Default .02.</summary>
    public double Share { get; init; } = .02;

    internal OnlineHyperparameterOptions Validated() => Share is > 0 and <= 1 ? this
        : throw new ArgumentOutOfRangeException(nameof(Share), Share, string.Create(CultureInfo.InvariantCulture, $"{nameof(OnlineHyperparameterOptions)}.{nameof(Share)} {Share} must be above 0 and at most 1."));
}
