using AutoTune.Torch.Declaring;
using TorchSharp.Modules;

namespace AutoTune;

/// <summary>Optimizers as hyperparameters.</summary>
public static class OptimizerExtensions
{
    /// <summary>Adds an optimizer: which one, and the hyperparameters of each, which exist only where it is chosen: <c>space.AddOptimizer("optimizer", o => o.AdamW().Sgd())</c>.</summary>
    /// <param name="space">Where to.</param>
    /// <param name="name">Its name, that of the choice; "optimizer.AdamW.LearningRate" is the name of a hyperparameter of it.</param>
    /// <param name="choose">The optimizers, the first being the default; of each it may say what is searched.</param>
    /// <param name="activeWhen">When it exists; null: always.</param>
    /// <remarks>A population (<c>UsePopulation</c>) copies the states of optimizers from trial to trial: offer it one optimizer.</remarks>
    /// <exception cref="ArgumentException">There is none to choose from, or one is named twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting, or an end of its range, is out of what it may be.</exception>
    public static TunableOptimizer AddOptimizer(this SearchSpaceBuilder space, string name, Func<OptimizerChoices, OptimizerChoices> choose, Condition? activeWhen = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        return new TunableOptimizer(name, OptimizerChoices.Of(choose, name), new SpaceDeclaration(space, name, activeWhen));
    }

    /// <summary>An optimizer that is declared where it is used, for studies without <c>WithSearchSpace</c>: <c>trial.Optimizer("optimizer", o => o.AdamW().Sgd(), net.parameters())</c>. The trial keeps it.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="name">Its name.</param>
    /// <param name="choose">The optimizers, the first being the default; of each it may say what is searched.</param>
    /// <param name="parameters">What it trains.</param>
    /// <exception cref="ArgumentException">There is none to choose from, one is named twice, or there are no parameters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting, or an end of its range, is out of what it may be.</exception>
    /// <exception cref="InvalidOperationException">The training's epochs have begun, or the name is taken.</exception>
    public static OptimizerHelper Optimizer(this TorchTrial trial, string name, Func<OptimizerChoices, OptimizerChoices> choose, IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return new TunableOptimizer(name, OptimizerChoices.Of(choose, name), new TrialDeclaration(trial, name)).Create(trial, parameters);
    }
}
