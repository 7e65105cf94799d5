using AutoTune.Torch;
using AutoTune.Torch.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune;

/// <summary>Gradient descent that finds its learning rate itself: distance over gradients (DoG).</summary>
/// <remarks>
/// Source: Ivgi, Hinder and Carmon 2023, "DoG is SGD's best friend" (arXiv 2302.12022), equation 1 and section 3.3: with g the gradients of all parameters, step i has the
/// rate max over j up to i of ‖x_j - x_0‖, divided by the root of the sum of ‖g_j‖², and begins with a distance of r (1 + ‖x_0‖). The learning rate of a parameter's
/// group (1, times a schedule) multiplies it. The paper averages the weights, too, which this does not: let a schedule end near 0. One number is read from the
/// device a step. Not thread-safe; dispose it, or let <see cref="TorchTrial.KeepOptimizer"/> do it.
/// </remarks>
public sealed class Dog : OptimizerHelper
{
    private readonly DogSettings _settings;
    private readonly DogEstimate _estimate = new();
    private readonly List<DogState> _states = []; // to free them when their parameters are gone

    /// <summary>An optimizer of these parameters.</summary>
    /// <param name="parameters">The parameters, at least one.</param>
    /// <param name="settings">Its settings; null: the paper's.</param>
    /// <exception cref="ArgumentException">There is no parameter, or a setting is out of its range.</exception>
    public Dog(IEnumerable<Parameter> parameters, DogSettings? settings = null) : this([new ParameterGroup("all", parameters)], settings) { }

    /// <summary>An optimizer of parameters with learning rates of their own; the distance is theirs together.</summary>
    /// <param name="groups">The groups, at least one.</param>
    /// <param name="settings">Its settings; null: the paper's.</param>
    /// <exception cref="ArgumentException">There is no group, a parameter is in two, or a setting is out of its range.</exception>
    public Dog(IEnumerable<ParameterGroup> groups, DogSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        _settings = settings ?? new DogSettings();
        if (string.Join(" ", _settings.Problems()) is { Length: > 0 } problems) throw new ArgumentException($"DoG's settings have problems: {problems}", nameof(settings));
        _defaults = new OptimizerOptions { LearningRate = _settings.LearningRate, InitialLearningRate = _settings.LearningRate };
        _parameter_groups = [];
        foreach (var group in ParameterGroups.Checked(groups, "DoG"))
            add_param_group(new ParamGroup { Parameters = group.Parameters, Options = new OptimizerOptions { LearningRate = _settings.LearningRate * group.RateFactor } });
    }

    /// <summary>The largest distance from the first weights so far; 0 before the first step.</summary>
    public double Distance => _estimate.Distance;

    /// <summary>Takes a step.</summary>
    /// <param name="closure">Gives the loss anew; null: the gradients are there.</param>
    /// <returns>The closure's loss; null without one.</returns>
    public override Tensor step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var with = enable_grad();
            loss = closure();
        }

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var moving = Moving().ToList();
        if (moving.Count == 0) return loss!;
        Estimate([.. moving.Select(part => (part.Parameter, part.Gradient, part.State))]);
        var rate = _estimate.Distance / Math.Sqrt(_estimate.Gradients + _settings.Epsilon);
        foreach (var (group, parameter, gradient, _) in moving)
        {
            var own = group.LearningRate * rate;
            if (_settings.WeightDecay > 0) parameter.mul_(1 - own * _settings.WeightDecay);
            parameter.add_(gradient, alpha: -own);
        }

        return loss!;
    }

    /// <summary>Adds parameters, with a learning rate of their own if their options have one.</summary>
    /// <param name="param_group">The group.</param>
    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        param_group.Options ??= new OptimizerOptions();
        param_group.Options.LearningRate ??= _settings.LearningRate;
        param_group.Options.InitialLearningRate = param_group.Options.LearningRate.Value;
        _parameter_groups.Add(param_group);
        foreach (var parameter in param_group.Parameters)
        {
            var state = new DogState(parameter, _estimate);
            _states.Add(state);
            _state[parameter.Handle] = state;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        foreach (var state in _states) state.Dispose();
        _states.Clear();
    }

    private void Estimate(IReadOnlyList<(Parameter Parameter, Tensor Gradient, DogState State)> moving)
    {
        var device = moving[0].Parameter.device;
        Tensor Total(Func<(Parameter Parameter, Tensor Gradient, DogState State), Tensor> part) => stack(moving.Select(one => part(one).square().sum(ScalarType.Float64).to(device))).sum();
        foreach (var (parameter, _, state) in moving.Where(one => !one.State.HasBegun))
        {
            state.Start.copy_(parameter);
            state.HasBegun = true;
        }

        var isFirst = _estimate.Distance == 0;
        var both = stack([Total(one => isFirst ? one.State.Start : one.Parameter - one.State.Start), Total(one => one.Gradient)]).cpu();
        var (distance, gradients) = (Math.Sqrt(both[0].item<double>()), both[1].item<double>());
        _estimate.Distance = isFirst ? _settings.InitialDistance * (1 + distance) : Math.Max(_estimate.Distance, distance);
        _estimate.Gradients += gradients;
    }

    private IEnumerable<(ParamGroup Group, Parameter Parameter, Tensor Gradient, DogState State)> Moving()
    {
        foreach (var group in _parameter_groups)
        {
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is { } gradient) yield return (group, parameter, gradient, (DogState)_state[parameter.Handle]);
            }
        }
    }
}
