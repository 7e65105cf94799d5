using AutoTune.Torch;
using AutoTune.Torch.Declaring;
using AutoTune.Torch.Optimizers;
using TorchSharp.Modules;

namespace AutoTune;

/// <summary>An optimizer whose kind and hyperparameters are searched: made by <c>space.AddOptimizer</c>.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class TunableOptimizer
{
    private readonly string _name;
    private readonly Func<Configuration, string> _kind;
    private readonly Dictionary<string, Func<Configuration, OptimizerSettings>> _settings = [];

    internal TunableOptimizer(string name, OptimizerChoices choices, IDeclaration declaration)
    {
        _name = name;
        _kind = declaration.Choice([.. choices.Kinds.Select(kind => kind.Name)]);
        foreach (var kind in choices.Kinds)
        {
            if (declaration.Of(kind.Name) is { } own) _settings[kind.Name] = kind.Declare(own);
        }

        Kind = (declaration as SpaceDeclaration)?.ChoiceHandle;
    }

    /// <summary>Which optimizer, as a hyperparameter: "SGD", "AdamW", "RMSProp", "Prodigy" or "DoG"; null where there is one only.</summary>
    public Hyperparameter<string>? Kind { get; }

    /// <summary>The name of a configuration's optimizer.</summary>
    /// <param name="configuration">The configuration.</param>
    public string KindOf(Configuration configuration) => _kind(configuration);

    /// <summary>The learning rate of a configuration's optimizer, before any schedule; 1 for one that finds its own.</summary>
    /// <param name="configuration">The configuration.</param>
    public double LearningRateOf(Configuration configuration) => SettingsOf(configuration).LearningRate;

    /// <summary>Makes the optimizer of the trial's configuration, keeps it in the trial's checkpoints, and disposes it when the trial ends.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="parameters">What it trains: <c>net.parameters()</c>.</param>
    /// <param name="name">Its name among what the trial keeps; null: the name in the space.</param>
    /// <exception cref="ArgumentException">There are no parameters.</exception>
    /// <exception cref="InvalidOperationException">The training's epochs have begun, or the name is taken.</exception>
    public OptimizerHelper Create(TorchTrial trial, IEnumerable<Parameter> parameters, string? name = null) => Create(trial, OneGroup(parameters), name);

    /// <summary>Makes the optimizer of the trial's configuration for parameters with learning rates of their own, and keeps it in the trial.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="groups">What it trains; each group's learning rate is the configuration's times the group's factor.</param>
    /// <param name="name">Its name among what the trial keeps; null: the name in the space.</param>
    /// <exception cref="ArgumentException">There are no groups, or a parameter is in two.</exception>
    /// <exception cref="InvalidOperationException">The training's epochs have begun, or the name is taken.</exception>
    public OptimizerHelper Create(TorchTrial trial, IEnumerable<ParameterGroup> groups, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.KeepOptimizer(name ?? _name, Create(trial.Configuration, groups));
    }

    /// <summary>Makes the optimizer of a configuration, outside a trial; dispose it.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="parameters">What it trains.</param>
    /// <exception cref="ArgumentException">There are no parameters.</exception>
    public OptimizerHelper Create(Configuration configuration, IEnumerable<Parameter> parameters) => Create(configuration, OneGroup(parameters));

    /// <summary>Makes the optimizer of a configuration for parameters with learning rates of their own, outside a trial; dispose it.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="groups">What it trains.</param>
    /// <exception cref="ArgumentException">There are no groups, or a parameter is in two.</exception>
    public OptimizerHelper Create(Configuration configuration, IEnumerable<ParameterGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(groups);
        return SettingsOf(configuration).Create(ParameterGroups.Checked(groups, _name));
    }

    /// <summary>The learning rates of its kinds that a space searches.</summary>
    internal IEnumerable<Hyperparameter> LearningRatesOf(SearchSpace space)
        => space.Hyperparameters.Where(hyperparameter => _settings.Keys.Any(kind => hyperparameter.Name == $"{_name}.{kind}.{nameof(SgdOptions.LearningRate)}"));

    private OptimizerSettings SettingsOf(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return _settings[_kind(configuration)](configuration);
    }

    private ParameterGroup[] OneGroup(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var all = parameters.ToList();
        return all.Count == 0 ? [] : [new ParameterGroup(_name, all)];
    }
}
