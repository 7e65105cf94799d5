using AutoTune.Torch;
using AutoTune.Torch.Differentiation;
using AutoTune.Torch.Training;
using TorchSharp;

namespace AutoTune;

/// <summary>
/// Stochastic gradient descent with momentum whose learning rate follows the derivative of the <i>validation</i> loss by the rate of all steps so far, older ones fading.
/// </summary>
/// <remarks>
/// <para>
/// MARTHE (Donini and others 2020, equation 4), in forward mode: beside the weights w and their velocity v it keeps their derivatives by the rate r, z = dw/dr and y = dv/dr. With
/// g the gradient, H the Hessian of the batch, m the momentum and c the memory: v = m v + g, y = c (m y + H z), z = c z - v - r y, w = w - r v. The rate moves against the cosine between z and the
/// validation gradient, by shares as in <see cref="HypergradientDescent"/>; the paper moves it by the product itself and adapts c, here c is given.
/// </para>
/// <para>Time: about four times that of plain descent: a product with the Hessian and a validation gradient a step. To be used by one thread.</para>
/// </remarks>
public sealed class Marthe : IDisposable
{
    private readonly MartheOptions _options;
    private readonly torch.Tensor[] _weights, _velocity, _byRate, _velocityByRate;
    private bool _isProven; // the training loss has been differentiated

    /// <summary>Begins at rest.</summary>
    /// <param name="weights">What is trained: <c>net.parameters()</c>; those that are frozen stay as they are.</param>
    /// <param name="rate">The learning rate to begin with.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">There are no weights, or all are frozen.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option, or the rate, is out of its range.</exception>
    public Marthe(IEnumerable<torch.Tensor> weights, double rate, MartheOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        _options = (options ?? new MartheOptions()).Validated(rate);
        Rate = rate;
        _weights = [.. weights.Where(weight => weight.requires_grad)];
        if (_weights.Length == 0) throw new ArgumentException("There is no weight to train, or all are frozen; give the network's parameters().", nameof(weights));
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] Zeros() => [.. _weights.Select(weight => torch.zeros_like(weight.detach()).DetachFromDisposeScope())];
        (_velocity, _byRate, _velocityByRate) = (Zeros(), Zeros(), Zeros());
    }

    /// <summary>The learning rate of the next step.</summary>
    public double Rate { get; private set; }

    /// <summary>Steps down the training loss, then adapts the rate to the validation loss.</summary>
    /// <param name="trainingLoss">The loss of a training batch, a scalar.</param>
    /// <param name="validationLoss">Gives the loss of a validation batch, a scalar, for the weights after the step.</param>
    /// <exception cref="ArgumentException">The training loss is no scalar, or depends on nothing that is trained.</exception>
    /// <exception cref="InvalidOperationException">A loss has no such derivatives.</exception>
    public void Step(torch.Tensor trainingLoss, Func<torch.Tensor> validationLoss)
    {
        ScalarLoss.Demand(trainingLoss);
        ArgumentNullException.ThrowIfNull(validationLoss);
        using var scope = torch.NewDisposeScope();
        var (m, c) = (_options.Momentum, _options.Memory);
        var gradient = c > 0 ? Derivatives.DifferentiableOf(trainingLoss, _weights, _isProven) : Derivatives.Of(trainingLoss, _weights);
        _isProven = true;
        var curvature = c > 0 ? Derivatives.Along(gradient, _byRate, _weights) : [];
        using (torch.no_grad())
        {
            for (var i = 0; i < _weights.Length; i++)
            {
                _velocity[i].mul_(m).add_(gradient[i].detach());
                if (c > 0) _velocityByRate[i].mul_(m).add_(curvature[i]).mul_(c);
                _byRate[i].mul_(c).sub_(_velocity[i]).sub_(_velocityByRate[i] * Rate);
                _weights[i].sub_(_velocity[i] * Rate);
            }
        }

        var validation = Derivatives.Of(validationLoss(), _weights);
        using var none = torch.no_grad();
        Rate = _options.Rate.Change(Rate, -Derivatives.Cosine(validation, _byRate));
    }

    /// <summary>The derivative of a loss by the rate of all steps so far, as remembered.</summary>
    internal double DerivativeOf(torch.Tensor loss)
    {
        using var scope = torch.NewDisposeScope();
        return Derivatives.Dot(Derivatives.Of(loss, _weights), _byRate).to(torch.ScalarType.Float64).item<double>();
    }

    /// <summary>Writes rate and derivatives for a checkpoint: <c>trial.Keep("marthe", marthe.Save, marthe.Load)</c>.</summary>
    /// <param name="writer">Where to.</param>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Rate);
        foreach (var tensor in State) tensor.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Rate = reader.ReadDouble();
        using var none = torch.no_grad();
        foreach (var tensor in State) tensor.Load(reader);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in State) tensor.Dispose();
    }

    private IEnumerable<torch.Tensor> State => _velocity.Concat(_byRate).Concat(_velocityByRate);
}
