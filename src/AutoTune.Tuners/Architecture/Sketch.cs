namespace AutoTune.Tuners.Architecture;

/// <summary>A configuration as the surrogate sees it.</summary>
/// <param name="Forms">The form of each cell; null where it does not exist.</param>
/// <param name="Rest">All other hyperparameters as numbers.</param>
/// <param name="Key">Equal for configurations that are equal in function.</param>
/// <param name="IsConnected">Whether every cell that exists depends on its input.</param>
internal sealed record Sketch(CellForm?[] Forms, double[] Rest, ulong Key, bool IsConnected);
