using System.Globalization;

namespace AutoTune;

/// <summary>
/// The values that a hyperparameter may take: <see cref="RealDomain"/>, <see cref="IntegerDomain"/> or <see cref="ChoiceDomain"/>.
/// </summary>
/// <remarks>
/// Inside, a value is a number, its code: the real or whole number itself, or the index of a choice. Immutable, compared by value.
/// </remarks>
public abstract record Domain
{
    private protected Domain() { }

    /// <summary>How many values there are; null for a continuum.</summary>
    public abstract long? Cardinality { get; }

    /// <summary>Whether the values have an order: true for numbers and ordered choices.</summary>
    public virtual bool IsOrdered => true;

    /// <summary>Whether <paramref name="code"/> is a value of this domain.</summary>
    public abstract bool Contains(double code);

    /// <summary>The text of a value, culture-free and exact.</summary>
    public abstract string Format(double code);

    internal abstract double ToUnit(double code);

    internal abstract double FromUnit(double unit);

    /// <summary>Every problem of this definition, as text. Where there are some, only the ways to and from the unit may throw.</summary>
    internal abstract IEnumerable<string> Problems();

    /// <summary>The code that a user means by this number: the value beside it if only rounding keeps them apart.</summary>
    internal virtual double Tidy(double code) => code;

    internal double MiddleCode => FromUnit(0.5);

    private protected static string? ScaleProblem(Scale scale)
        => scale is Scale.Linear or Scale.Log ? null : $"scale {(int)scale} is unknown; use Scale.Linear or Scale.Log.";

    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    internal static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The centre of the bin of value number <paramref name="index"/> out of <paramref name="count"/>.</summary>
    private protected static double BinCentre(double index, double count) => (index + 0.5) / count;

    private protected static double BinIndex(double unit, double count) => Math.Clamp(Math.Floor(unit * count), 0, count - 1);
}
