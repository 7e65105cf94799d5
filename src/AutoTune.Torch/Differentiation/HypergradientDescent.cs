using AutoTune.Torch;
using AutoTune.Torch.Differentiation;
using AutoTune.Torch.Training;
using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune;

/// <summary>Adapts an optimizer's learning rate at every step by the derivative of the training loss by the rate of the step before.</summary>
/// <remarks>
/// Baydin and others 2018, equation 8, the multiplicative rule, for any optimizer: the rate grows while a step's gradient still points where the last step
/// went, and falls when it points back. It costs a copy of the weights and two inner products a step. To be used by one thread.
/// </remarks>
public sealed class HypergradientDescent : IDisposable
{
    private readonly torch.optim.Optimizer _optimizer;
    private readonly OnlineRateOptions _options;
    private readonly Parameter[] _weights;
    private readonly torch.Tensor[] _last; // how the last step changed the weights
    private bool _hasStepped;

    /// <summary>Takes an optimizer over.</summary>
    /// <param name="optimizer">The optimizer; its first group's learning rate is where the rate begins, other groups keep their ratio to it.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option, or the rate, is out of its range.</exception>
    public HypergradientDescent(torch.optim.Optimizer optimizer, OnlineRateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        _optimizer = optimizer;
        Rate = optimizer.ParamGroups.First().LearningRate;
        _options = (options ?? new OnlineRateOptions()).Validated(Rate);
        _weights = [.. optimizer.parameters()];
        using var scope = torch.NewDisposeScope();
        _last = [.. _weights.Select(weight => torch.zeros_like(weight.detach()).DetachFromDisposeScope())];
    }

    /// <summary>The learning rate of the next step.</summary>
    public double Rate { get; private set; }

    /// <summary>Goes back through the loss, adapts the rate, and lets the optimizer step.</summary>
    /// <param name="loss">The loss of a batch, a scalar.</param>
    /// <exception cref="ArgumentException">The loss is no scalar, or depends on nothing that is trained.</exception>
    public void Step(torch.Tensor loss)
    {
        ScalarLoss.Demand(loss);
        _optimizer.zero_grad();
        loss.backward();
        using var scope = torch.NewDisposeScope();
        using var none = torch.no_grad();
        if (_hasStepped) Adapt();
        for (var i = 0; i < _weights.Length; i++) _last[i].copy_(_weights[i]);
        _optimizer.step();
        for (var i = 0; i < _weights.Length; i++) _last[i].neg_().add_(_weights[i]);
        _hasStepped = true;
    }

    /// <summary>Writes rate and last step for a checkpoint: <c>trial.Keep("rate", descent.Save, descent.Load)</c>.</summary>
    /// <param name="writer">Where to.</param>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Rate);
        writer.Write(_hasStepped);
        foreach (var tensor in _last) tensor.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Rate = _optimizer.ParamGroups.First().LearningRate; // an optimizer that was loaded before has the saved rate already
        SetRate(reader.ReadDouble());
        _hasStepped = reader.ReadBoolean();
        using var none = torch.no_grad();
        foreach (var tensor in _last) tensor.Load(reader);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _last) tensor.Dispose();
    }

    private void Adapt()
    {
        var with = Enumerable.Range(0, _weights.Length).Where(i => _weights[i].grad is not null).ToArray();
        var gradients = with.Select(i => _weights[i].grad!).ToArray();
        var last = with.Select(i => _last[i]).ToArray();
        // The last step moved the weights along the rate's direction: a gradient against it says that a larger rate would have gone further down.
        SetRate(_options.Change(Rate, -Derivatives.Cosine(gradients, last)));
    }

    private void SetRate(double rate)
    {
        foreach (var group in _optimizer.ParamGroups) group.LearningRate *= rate / Rate;
        Rate = rate;
    }
}
