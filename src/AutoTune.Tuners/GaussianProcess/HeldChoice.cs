namespace AutoTune.Tuners.GaussianProcess;

/// <summary>A choice that is made before the rest is searched for.</summary>
/// <param name="Dimension">Which.</param>
/// <param name="Unit">The unit of its value.</param>
internal readonly record struct HeldChoice(int Dimension, double Unit)
{
    /// <summary>Makes it at a point; what it decides on has to be settled again.</summary>
    public void Set(Span<double> unit) => unit[Dimension] = Unit;

    /// <summary>Whether a trial made it.</summary>
    public bool IsMadeBy(Observation trial) => trial.Active[Dimension] && trial.Unit[Dimension] == Unit;
}
