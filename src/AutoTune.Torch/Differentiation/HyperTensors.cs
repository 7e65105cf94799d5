using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AutoTune.Spaces;
using TorchSharp;

namespace AutoTune;

/// <summary>Real hyperparameters of a configuration as tensors that losses and update rules use, and that are differentiated by.</summary>
/// <remarks>
/// <para>
/// <c>var hyper = new HyperTensors(trial.Configuration); loss += hyper[decay] * weight.square().sum();</c> then <c>hyper.Values(Hypergradients.Implicit(problem))</c> is what the
/// objective returns: the validation loss, and its derivatives, from which <c>UseGradient()</c> and the Gaussian process learn.
/// </para>
/// <para>Each tensor is a scalar of double precision, a leaf that requires its gradient; next to tensors of single precision it does not widen them. To be used by one thread. Dispose it.</para>
/// </remarks>
public sealed class HyperTensors : IDisposable
{
    private readonly torch.Device _device;
    private readonly List<(Hyperparameter<double> Hyperparameter, torch.Tensor Tensor)> _made = [];

    /// <summary>The hyperparameters of a configuration; a tensor is made when it is first asked for.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="device">Where the tensors are; null: the CPU.</param>
    public HyperTensors(Configuration configuration, torch.Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        (Configuration, _device) = (configuration, device ?? torch.CPU);
    }

    /// <summary>The configuration, as <see cref="OnlineHyperparameters"/> last changed it.</summary>
    public Configuration Configuration { get; private set; }

    /// <summary>Those that were asked for, in that order: what a <see cref="BilevelProblem"/> takes.</summary>
    public ImmutableArray<torch.Tensor> All => [.. _made.Select(pair => pair.Tensor)];

    /// <summary>A hyperparameter's tensor, the same each time.</summary>
    /// <param name="hyperparameter">The hyperparameter; real, of the configuration's space, and active.</param>
    /// <exception cref="ArgumentException">It is not active in the configuration.</exception>
    public torch.Tensor this[Hyperparameter<double> hyperparameter]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(hyperparameter);
            foreach (var (other, known) in CollectionsMarshal.AsSpan(_made))
            {
                if (other.Name == hyperparameter.Name) return known;
            }

            if (!Configuration.IsActive(hyperparameter)) throw new ArgumentException($"Hyperparameter '{hyperparameter.Name}' is not active in {Configuration}; ask Configuration.IsActive first.", nameof(hyperparameter));
            var tensor = torch.tensor(Configuration.Get(hyperparameter), torch.ScalarType.Float64, _device, requires_grad: true).DetachFromDisposeScope();
            _made.Add((hyperparameter, tensor));
            return tensor;
        }
    }

    /// <summary>What an objective returns whose value is the validation loss: the loss with its derivatives.</summary>
    /// <param name="gradient">The hypergradient of a problem whose hyperparameters were <see cref="All"/>.</param>
    /// <exception cref="ArgumentException">It has another number of derivatives.</exception>
    public TrialValues Values(Hypergradient gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        return DerivativesOf(gradient).Aggregate(new TrialValues(gradient.Loss), (values, pair) => values.WithGradient(pair.Key, pair.Value));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, tensor) in _made) tensor.Dispose();
    }

    internal ImmutableSortedDictionary<string, double> DerivativesOf(Hypergradient gradient)
    {
        if (gradient.Derivatives.Length != _made.Count)
            throw new ArgumentException($"The gradient has {gradient.Derivatives.Length} derivatives for {_made.Count} hyperparameters; give the problem HyperTensors.All, asked for when its losses have been set up.", nameof(gradient));
        return _made.Zip(gradient.ToArray()).ToImmutableSortedDictionary(pair => pair.First.Hyperparameter.Name, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>Goes over to another configuration, in which the same hyperparameters are active.</summary>
    internal void MoveTo(Configuration configuration)
    {
        Configuration = configuration;
        using var none = torch.no_grad();
        foreach (var (hyperparameter, tensor) in _made) tensor.fill_(configuration.Get(hyperparameter));
    }
}
