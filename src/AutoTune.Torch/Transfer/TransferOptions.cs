namespace AutoTune.Torch;

/// <summary>What is searched when a trained network is fine-tuned. Immutable and thread-safe.</summary>
public sealed record TransferOptions
{
    /// <summary>The share of the layers below the last that are frozen, from the input on, from 0 to 1; rounded to whole layers. Default 0 to 1, beginning with 0.</summary>
    public RealRange FrozenShare { get; init; } = new(0, 1, Scale.Linear, 0);

    /// <summary>The factor of the learning rate from a layer to the one before it, above 0. Default 0.2 to 1 on a log scale, beginning with 1 / 2.6, as Howard and Ruder 2018 have it.</summary>
    public RealRange RateDecay { get; init; } = new(.2, 1, Scale.Log, 1 / 2.6);
}
