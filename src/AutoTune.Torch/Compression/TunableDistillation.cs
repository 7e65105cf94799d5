using AutoTune.Torch;
using AutoTune.Torch.Declaring;

namespace AutoTune;

/// <summary>A distillation whose temperature and weight are searched: made by <c>space.AddDistillation</c>.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class TunableDistillation
{
    private readonly Func<Configuration, double> _temperature;
    private readonly Func<Configuration, double> _weight;

    internal TunableDistillation(DistillationOptions options, IDeclaration declaration)
        => (_temperature, _weight) = (declaration.Real(nameof(options.Temperature), options.Temperature, Bounds.Positive), declaration.Real(nameof(options.Weight), options.Weight, Bounds.Fraction));

    /// <summary>The distillation of a configuration.</summary>
    /// <param name="configuration">The configuration.</param>
    public Distillation Create(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new Distillation(_temperature(configuration), _weight(configuration));
    }
}
