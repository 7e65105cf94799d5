using TorchSharp;

namespace AutoTune;

/// <summary>A step of training written in differentiable operations: from weight, gradient and state to the next weight and state.</summary>
/// <remarks>Immutable. Derive from it for an optimizer that is not here.</remarks>
public abstract class UpdateRule
{
    /// <summary>How many tensors of state it keeps for each weight; they begin as zeros of its shape.</summary>
    public abstract int StateCount { get; }

    /// <summary>The next weight and state.</summary>
    /// <param name="index">Which weight it is.</param>
    /// <param name="weight">The weight.</param>
    /// <param name="gradient">The training loss's gradient.</param>
    /// <param name="state">The state.</param>
    /// <param name="step">Which step it is, counted from 1.</param>
    /// <returns>Tensors of the same shapes, made by operations that can be differentiated.</returns>
    public abstract (torch.Tensor Weight, torch.Tensor[] State) Next(int index, torch.Tensor weight, torch.Tensor gradient, torch.Tensor[] state, int step);

    /// <summary>The values that it takes; those with one for each weight must have as many as there are weights.</summary>
    public abstract IReadOnlyDictionary<string, HyperValue> Values { get; }

    internal void Demand(int weights)
    {
        foreach (var (name, value) in Values)
        {
            if (value.Count is { } count && count != weights)
                throw new ArgumentException($"{GetType().Name}.{name} has {count} values for {weights} weights; give one for each weight, or one for all.");
        }
    }
}

/// <summary>Stochastic gradient descent with momentum and weight decay, as <c>torch.optim.SGD</c> does it: v = m v + g + d w, w = w - r v.</summary>
/// <param name="rate">The learning rate.</param>
public sealed class SgdUpdate(HyperValue rate) : UpdateRule
{
    /// <summary>The momentum. Default 0.</summary>
    public HyperValue Momentum { get; init; } = 0;

    /// <summary>The weight decay, added to the gradient. Default 0.</summary>
    public HyperValue WeightDecay { get; init; } = 0;

    /// <inheritdoc/>
    public override int StateCount => Momentum.IsZero ? 0 : 1;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, HyperValue> Values => new SortedDictionary<string, HyperValue>(StringComparer.Ordinal) { ["rate"] = rate, [nameof(Momentum)] = Momentum, [nameof(WeightDecay)] = WeightDecay };

    /// <inheritdoc/>
    public override (torch.Tensor Weight, torch.Tensor[] State) Next(int index, torch.Tensor weight, torch.Tensor gradient, torch.Tensor[] state, int step)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(state);
        var direction = WeightDecay.IsZero ? gradient : gradient + WeightDecay.Times(weight, index);
        if (!Momentum.IsZero) direction = Momentum.Times(state[0], index) + direction;
        return (weight - rate.Times(direction, index), Momentum.IsZero ? [] : [direction]);
    }
}

/// <summary>Adam with decoupled weight decay, as <c>torch.optim.AdamW</c> does it (Loshchilov and Hutter 2019, algorithm 2).</summary>
/// <param name="rate">The learning rate.</param>
public sealed class AdamUpdate(HyperValue rate) : UpdateRule
{
    /// <summary>The decay of the gradients' average. Default .9.</summary>
    public HyperValue Beta1 { get; init; } = .9;

    /// <summary>The decay of the squared gradients' average. Default .999.</summary>
    public HyperValue Beta2 { get; init; } = .999;

    /// <summary>The weight decay, times the learning rate. Default 0.</summary>
    public HyperValue WeightDecay { get; init; } = 0;

    /// <summary>What keeps the denominator from 0. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override int StateCount => 2;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, HyperValue> Values
        => new SortedDictionary<string, HyperValue>(StringComparer.Ordinal) { ["rate"] = rate, [nameof(Beta1)] = Beta1, [nameof(Beta2)] = Beta2, [nameof(WeightDecay)] = WeightDecay };

    /// <inheritdoc/>
    public override (torch.Tensor Weight, torch.Tensor[] State) Next(int index, torch.Tensor weight, torch.Tensor gradient, torch.Tensor[] state, int step)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(state);
        var mean = Beta1.Times(state[0], index) + Beta1.RestTimes(gradient, index);
        var square = Beta2.Times(state[1], index) + Beta2.RestTimes(gradient * gradient, index);
        // The root's slope is infinite at 0, where a weight has never had a gradient: a floor far below epsilon squared gives it the slope 0.
        var scale = Beta2.Unbiased(square, step, index).clamp_min(1e-30).sqrt() + Epsilon;
        var next = weight - rate.Times(Beta1.Unbiased(mean, step, index) / scale, index);
        return (WeightDecay.IsZero ? next : next - rate.Times(WeightDecay.Times(weight, index), index), [mean, square]);
    }
}
