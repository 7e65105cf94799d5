using System.Collections.Immutable;
using TorchSharp.Modules;

namespace AutoTune;

/// <summary>Parameters of a network that share a learning rate: a share of the optimizer's.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record ParameterGroup
{
    /// <summary>A group of parameters.</summary>
    /// <param name="name">What it is called in messages, such as the layer's name.</param>
    /// <param name="parameters">The parameters, at least one.</param>
    /// <param name="rateFactor">By what the optimizer's learning rate is multiplied for them, above 0; 1 by default.</param>
    /// <exception cref="ArgumentException">There is no parameter, or the factor is not above 0.</exception>
    public ParameterGroup(string name, IEnumerable<Parameter> parameters, double rateFactor = 1)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(parameters);
        (Name, Parameters, RateFactor) = (name, [.. parameters], rateFactor);
        if (Parameters.IsEmpty) throw new ArgumentException($"The group '{name}' has no parameters; give it those of a layer, or leave it out.", nameof(parameters));
        if (!(rateFactor > 0 && double.IsFinite(rateFactor))) throw new ArgumentException($"The group '{name}' has rate factor {rateFactor.ToString(System.Globalization.CultureInfo.InvariantCulture)}, which must be above 0; freeze a layer that is not to be trained.", nameof(rateFactor));
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>The parameters.</summary>
    public ImmutableArray<Parameter> Parameters { get; }

    /// <summary>By what the optimizer's learning rate is multiplied for them.</summary>
    public double RateFactor { get; }
}
