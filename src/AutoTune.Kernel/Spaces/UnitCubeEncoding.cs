using System.Collections.Immutable;

namespace AutoTune.Spaces;

/// <summary>A coordinate a hyperparameter: see <see cref="ISpaceEncoding"/>.</summary>
internal sealed class UnitCubeEncoding(SearchSpace space) : ISpaceEncoding
{
    public ImmutableArray<EncodedDimension> Dimensions { get; } =
        [.. space.Hyperparameters.Select(h => new EncodedDimension(h, h.Domain.Cardinality, h.Domain.IsOrdered))];

    private readonly ImmutableArray<double> _defaults = [.. space.Hyperparameters.Select(h => h.Domain.ToUnit(h.DefaultCode))];

    public void Encode(Configuration configuration, Span<double> unit, Span<bool> active)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var hyperparameters = space.Hyperparameters;
        ArgumentOutOfRangeException.ThrowIfNotEqual(unit.Length, hyperparameters.Length);
        var codes = configuration.Codes;
        for (var i = 0; i < unit.Length; i++)
        {
            var isActive = i < codes.Length && !double.IsNaN(codes[i]);
            unit[i] = isActive ? hyperparameters[i].Domain.ToUnit(codes[i]) : _defaults[i];
            if (!active.IsEmpty) active[i] = isActive;
        }
    }

    public Configuration Decode(ReadOnlySpan<double> unit)
    {
        var hyperparameters = space.Hyperparameters;
        ArgumentOutOfRangeException.ThrowIfNotEqual(unit.Length, hyperparameters.Length);
        var codes = new double[unit.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            // A default comes back to the last digit, which a value on a log scale else need not.
            codes[i] = !SearchSpace.IsActive(hyperparameters[i], codes) ? double.NaN
                : unit[i] == _defaults[i] ? hyperparameters[i].DefaultCode
                : hyperparameters[i].Domain.FromUnit(double.IsNaN(unit[i]) ? 0.5 : Math.Clamp(unit[i], 0, 1));
        }

        return new Configuration(space, codes);
    }
}
