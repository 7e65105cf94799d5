namespace AutoTune;

/// <summary>What a setting of a ready-made part may be: a range that is searched, or one value that is not. A number is a value: <c>Momentum = 0.9</c>.</summary>
/// <param name="Low">The smallest value.</param>
/// <param name="High">The largest value; the same as <paramref name="Low"/> to fix it: it is then no hyperparameter.</param>
/// <param name="Scale">Linear, or log for what works by factors.</param>
/// <param name="Default">The value to assume if nothing is known; null: the middle of the range on its scale.</param>
/// <remarks>Immutable and thread-safe. A range that is none is reported when the space is built.</remarks>
public sealed record RealRange(double Low, double High, Scale Scale = Scale.Linear, double? Default = null)
{
    /// <summary>Whether it is one value.</summary>
    public bool IsFixed => Low == High;

    /// <summary>One value, which is not searched.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator RealRange(double value) => new(value, value);

    /// <summary>One value, which is not searched.</summary>
    /// <param name="value">The value.</param>
    public static RealRange FromDouble(double value) => value;
}
