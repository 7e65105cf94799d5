namespace AutoTune.Torch.Control;

/// <summary>A setting of a training that a controller multiplies, within its range.</summary>
/// <param name="name">Its name, for sentences.</param>
/// <param name="kind">What it does.</param>
/// <param name="low">Its lowest value.</param>
/// <param name="high">Its highest value.</param>
/// <param name="start">Its value in the beginning.</param>
/// <param name="apply">Gives the training a value.</param>
internal sealed class ControlledSetting(string name, ControlKind kind, double low, double high, double start, Action<double> apply)
{
    public string Name => name;

    public ControlKind Kind => kind;

    /// <summary>The value by that of the beginning.</summary>
    public double Ratio { get; private set; } = 1;

    /// <summary>What the ratio stays at or below: lowered where the training burst.</summary>
    public double Ceiling { get; private set; } = double.PositiveInfinity;

    public double Value => start * Ratio;

    public void Apply() => apply(Value);

    public void Multiply(double factor) => Ratio = Math.Clamp(Ratio * factor, low / start, Math.Max(low / start, Math.Min(high / start, Ceiling)));

    /// <summary>Stays at or below a share of its value from now on.</summary>
    public void Lower(double share)
    {
        Ceiling = Ratio * share;
        Multiply(1);
    }

    public void Restore(double ratio, double ceiling) => (Ratio, Ceiling) = (ratio, ceiling);
}
