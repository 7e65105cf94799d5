using AutoTune.Torch;
using AutoTune.Torch.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace AutoTune;

/// <summary>Adam that finds its learning rate itself: Prodigy.</summary>
/// <remarks>
/// <para>
/// Source: Mishchenko and Defazio 2023, "Prodigy: An expeditiously adaptive parameter-free learner" (arXiv 2306.06101), the algorithm for Adam. With d the estimated
/// distance to the solution, g the gradient, gamma the learning rate of the parameter's group (1, times a schedule), and b1, b2 the decays:
/// m = b1 m + (1 - b1) d g; v = b2 v + (1 - b2) d² g²; r = √b2 r + (1 - √b2) gamma d² ⟨g, x0 - x⟩; s = √b2 s + (1 - √b2) gamma d² g;
/// d' = max(d, r / ‖s‖₁); x = x - gamma d m / (√v + d ε).
/// </para>
/// <para>
/// r and s are kept in units of (1 - √b2) d0, which their quotient does not see and which keeps single precision from underflow. One number is read from the device
/// a step. Weight decay is AdamW's, by gamma d. It suits schedules that end near 0, such as a cosine. Not thread-safe; dispose it, or let
/// <see cref="TorchTrial.KeepOptimizer"/> do it.
/// </para>
/// </remarks>
public sealed class Prodigy : OptimizerHelper
{
    private readonly ProdigySettings _settings;
    private readonly ProdigyEstimate _estimate;
    private readonly List<ProdigyState> _states = []; // to free them when their parameters are gone

    /// <summary>An optimizer of these parameters.</summary>
    /// <param name="parameters">The parameters, at least one.</param>
    /// <param name="settings">Its settings; null: the paper's.</param>
    /// <exception cref="ArgumentException">There is no parameter, or a setting is out of its range.</exception>
    public Prodigy(IEnumerable<Parameter> parameters, ProdigySettings? settings = null) : this([new ParameterGroup("all", parameters)], settings) { }

    /// <summary>An optimizer of parameters with learning rates of their own; the distance is theirs together.</summary>
    /// <param name="groups">The groups, at least one.</param>
    /// <param name="settings">Its settings; null: the paper's.</param>
    /// <exception cref="ArgumentException">There is no group, a parameter is in two, or a setting is out of its range.</exception>
    public Prodigy(IEnumerable<ParameterGroup> groups, ProdigySettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        _settings = settings ?? new ProdigySettings();
        if (string.Join(" ", _settings.Problems()) is { Length: > 0 } problems) throw new ArgumentException($"Prodigy's settings have problems: {problems}", nameof(settings));
        _estimate = new ProdigyEstimate { Distance = _settings.InitialDistance };
        _defaults = new OptimizerOptions { LearningRate = _settings.LearningRate, InitialLearningRate = _settings.LearningRate };
        _parameter_groups = [];
        foreach (var group in ParameterGroups.Checked(groups, "Prodigy"))
            add_param_group(new ParamGroup { Parameters = group.Parameters, Options = new OptimizerOptions { LearningRate = _settings.LearningRate * group.RateFactor } });
    }

    /// <summary>The distance between the first weights and the best, as estimated so far: the learning rate of Adam's step, before a group's own rate.</summary>
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
        var distance = _estimate.Distance;
        Estimate();
        foreach (var (group, parameter, _, state) in Moving())
        {
            var rate = group.LearningRate * distance;
            if (_settings.WeightDecay > 0) parameter.mul_(1 - rate * _settings.WeightDecay);
            parameter.addcdiv_(state.Mean, state.Square.sqrt().add_(distance * _settings.Epsilon), -rate);
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
            var state = new ProdigyState(parameter, _estimate);
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

    /// <summary>Takes the gradients in, and estimates the distance anew.</summary>
    private void Estimate()
    {
        var (d, root) = (_estimate.Distance, Math.Sqrt(_settings.Beta2));
        List<Tensor> products = [], norms = [];
        foreach (var (group, parameter, gradient, state) in Moving())
        {
            if (!state.HasBegun) state.Start.copy_(parameter);
            state.HasBegun = true;
            var gamma = group.LearningRate;
            products.Add((gradient * (state.Start - parameter)).sum(ScalarType.Float64) * (gamma * d * d / _settings.InitialDistance));
            state.Mean.mul_(_settings.Beta1).add_(gradient, alpha: d * (1 - _settings.Beta1));
            state.Square.mul_(_settings.Beta2).addcmul_(gradient, gradient, value: d * d * (1 - _settings.Beta2));
            state.Sum.mul_(root).add_(gradient, alpha: (_settings.SafeguardsWarmUp ? 1 : gamma) * d * d / _settings.InitialDistance);
            norms.Add(state.Sum.abs().sum(ScalarType.Float64));
        }

        if (products.Count == 0) return;
        var device = products[0].device;
        Tensor Total(List<Tensor> parts) => stack(parts.Select(part => part.to(device))).sum();
        var both = stack([Total(products), Total(norms)]).cpu();
        var (product, norm) = (both[0].item<double>(), both[1].item<double>());
        _estimate.Numerator = root * _estimate.Numerator + product;
        if (norm > 0) _estimate.Distance = Math.Max(d, _settings.Coefficient * _estimate.Numerator / norm);
    }

    private IEnumerable<(ParamGroup Group, Parameter Parameter, Tensor Gradient, ProdigyState State)> Moving()
    {
        foreach (var group in _parameter_groups)
        {
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is { } gradient) yield return (group, parameter, gradient, (ProdigyState)_state[parameter.Handle]);
            }
        }
    }
}
