using AutoTune.Torch.Declaring;
using TorchSharp.Modules;

namespace AutoTune.Torch.Optimizers;

/// <summary>A kind of optimizer: its name and its hyperparameters.</summary>
/// <param name="Name">The name in the space.</param>
/// <param name="Declare">Declares its hyperparameters and gives its settings in a configuration.</param>
internal sealed record OptimizerKind(string Name, Func<IDeclaration, Func<Configuration, OptimizerSettings>> Declare);

/// <summary>An optimizer's settings in one configuration.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Create">Makes the optimizer.</param>
internal sealed record OptimizerSettings(double LearningRate, Func<IReadOnlyList<ParameterGroup>, OptimizerHelper> Create);
