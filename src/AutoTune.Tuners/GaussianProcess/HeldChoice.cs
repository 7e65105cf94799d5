namespace AutoTune.Tuners.GaussianProcess;

/// <summary>A choice that is made before the rest is searched for.</summary>
/// <param name="Dimension">Which.</param>
/// <param name="Unit">The unit of its value.</param>
/// <param name="Above">The choice on which its existence depends, made too; null: it always exists.</param>
internal sealed record HeldChoice(int Dimension, double Unit, HeldChoice? Above)
{
    /// <summary>One value of a choice that exists at a trial, beneath the choices of that trial.</summary>
    public static HeldChoice At(SpaceLayout layout, Observation trial, int dimension, double unit)
        => new(dimension, unit, layout.ParentOf(dimension) is >= 0 and var parent ? At(layout, trial, parent, trial.Unit[parent]) : null);

    /// <summary>Makes it at a point; what it decides on has to be settled again.</summary>
    public void Set(Span<double> unit)
    {
        Above?.Set(unit);
        unit[Dimension] = Unit;
    }

    /// <summary>Whether a hyperparameter is made, and not to be searched for.</summary>
    public bool Holds(int dimension) => dimension == Dimension || (Above?.Holds(dimension) ?? false);

    /// <summary>Whether a trial made it.</summary>
    public bool IsMadeBy(Observation trial) => trial.Active[Dimension] && trial.Unit[Dimension] == Unit;
}
