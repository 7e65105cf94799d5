namespace AutoTune.MLNet;

/// <summary>What grows from one step of a trial to the next, where it is not the number of folds behind it.</summary>
/// <param name="Steps">The step that stands for the whole.</param>
internal abstract record Growth(int Steps)
{
    /// <summary>The rows that a configuration is fitted on.</summary>
    public sealed record Samples(int Steps) : Growth(Steps);

    /// <summary>The trees that it is fitted with.</summary>
    public sealed record Trees(int Steps) : Growth(Steps);

    /// <summary>
    /// On how many of the folds a step is evaluated: its share of them, rounded up. What a small step gets wrong about a configuration it gets wrong
    /// on all folds, so more of them would not help.
    /// </summary>
    public int FoldsAt(int step, int folds) => (int)((folds * (long)step + Steps - 1) / Steps);

    public override string ToString() => this switch
    {
        Samples => $"growing samples in {Steps} steps",
        Trees => $"growing trees in {Steps} steps",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
