using System.Collections.Immutable;

namespace AutoTune.Spaces;

/// <summary>The one door between configurations and points of the unit cube [0, 1]^d: a coordinate for each hyperparameter.</summary>
/// <remarks>
/// Reals and log ranges are laid out evenly on their scale, both ends reachable; whole numbers, steps and choices own equal bins (on a
/// log scale: by the ratio of their neighbours) and are encoded at a point inside their bin. Decoding what was encoded gives the equal
/// configuration, if it was sampled or decoded; a real number set by hand may come back changed in its last digits. Immutable and thread-safe.
/// </remarks>
public interface ISpaceEncoding
{
    /// <summary>The coordinates, in the order of the space's hyperparameters.</summary>
    ImmutableArray<EncodedDimension> Dimensions { get; }

    /// <summary>Writes the point of a configuration; an absent hyperparameter is written as its default.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="unit">Receives the point: as many numbers as there are dimensions, each in [0, 1].</param>
    /// <param name="active">Receives which coordinates count; may be empty if that is not wanted.</param>
    void Encode(Configuration configuration, Span<double> unit, Span<bool> active);

    /// <summary>The configuration of a point; coordinates of inactive hyperparameters are ignored. Constraints are not looked at.</summary>
    /// <param name="unit">As many numbers in [0, 1] as there are dimensions; outside values count as the nearest end.</param>
    Configuration Decode(ReadOnlySpan<double> unit);
}

/// <summary>A coordinate of the unit cube.</summary>
/// <param name="Hyperparameter">The hyperparameter that it stands for.</param>
/// <param name="Levels">How many values it has; null for a continuum.</param>
/// <param name="IsOrdered">Whether distances mean something: false for choices without order.</param>
public sealed record EncodedDimension(Hyperparameter Hyperparameter, long? Levels, bool IsOrdered)
{
    /// <summary>The coordinate of level <paramref name="index"/> of a finite dimension, counted from 0.</summary>
    public double UnitOfLevel(long index) => Hyperparameter.Domain.ToUnit(Hyperparameter.Domain switch
    {
        ChoiceDomain => index,
        IntegerDomain integer => integer.Low + index * integer.Step,
        RealDomain real => real.FromUnit((index + 0.5) / Levels!.Value),
        _ => throw new System.Diagnostics.UnreachableException(),
    });

    /// <summary>The coordinate at the centre of the value that <paramref name="unit"/> decodes to.</summary>
    public double Snap(double unit) => Hyperparameter.Domain.ToUnit(Hyperparameter.Domain.FromUnit(unit));
}
