namespace AutoTune.Tuners.Trees;

/// <summary>How far a tree grows.</summary>
/// <param name="MaxDepth">Questions from the root to a leaf at most.</param>
/// <param name="LeastToSplit">The least weight of a node that is split.</param>
/// <param name="LeastInLeaf">The least weight of a leaf.</param>
/// <param name="ColumnShare">Which share of the columns each node may choose from.</param>
internal readonly record struct TreeShape(int MaxDepth, int LeastToSplit, int LeastInLeaf, double ColumnShare);
