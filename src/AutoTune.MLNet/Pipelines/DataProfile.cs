namespace AutoTune.MLNet;

/// <summary>What trainers' defaults depend on.</summary>
/// <param name="Rows">Rows of the training data.</param>
/// <param name="Classes">Finds the number of classes of a label column, which the pipeline may make; null if that cannot be told.</param>
internal sealed record DataProfile(long Rows, Func<string, int?> Classes);
