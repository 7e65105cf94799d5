namespace AutoTune.Torch;

/// <summary>What is searched of a <see cref="MagnitudePruning"/>. Immutable and thread-safe.</summary>
/// <remarks>Zhu and Gupta 2017 prune from early in the training to some way before its end, so that the network recovers.</remarks>
public sealed record PruningOptions
{
    /// <summary>The share of the weights that are 0 in the end, at least 0, below 1. Default 0.3 to 0.95, beginning with 0.7.</summary>
    public RealRange FinalSparsity { get; init; } = new(.3, .95, Scale.Linear, .7);

    /// <summary>After which share of the training it begins, at least 0. Default 0.1, not searched.</summary>
    public RealRange Begin { get; init; } = .1;

    /// <summary>After which share of the training it ends, above <see cref="Begin"/>, at most 1. Default 0.7, not searched.</summary>
    public RealRange End { get; init; } = .7;
}
