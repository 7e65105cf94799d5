using AutoTune.Torch;
using AutoTune.Torch.Declaring;

namespace AutoTune;

/// <summary>Means to make networks smaller, as hyperparameters.</summary>
public static class CompressionExtensions
{
    /// <summary>Adds a distillation: "distillation.Temperature", "distillation.Weight".</summary>
    /// <param name="space">Where to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">What is searched; null: the defaults.</param>
    /// <param name="activeWhen">When it exists; null: always.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting, or an end of its range, is out of what it may be.</exception>
    public static TunableDistillation AddDistillation(this SearchSpaceBuilder space, string name, DistillationOptions? options = null, Condition? activeWhen = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        return new TunableDistillation(options ?? new DistillationOptions(), new SpaceDeclaration(space, name, activeWhen));
    }

    /// <summary>Adds a pruning by magnitude: "pruning.FinalSparsity".</summary>
    /// <param name="space">Where to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">What is searched; null: the defaults.</param>
    /// <param name="activeWhen">When it exists; null: always.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting, or an end of its range, is out of what it may be.</exception>
    public static TunablePruning AddPruning(this SearchSpaceBuilder space, string name, PruningOptions? options = null, Condition? activeWhen = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        return new TunablePruning(name, options ?? new PruningOptions(), new SpaceDeclaration(space, name, activeWhen));
    }
}
