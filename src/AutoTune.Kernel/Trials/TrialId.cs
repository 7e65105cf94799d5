using System.Globalization;

namespace AutoTune;

/// <summary>A trial's number within its study, counted from 0.</summary>
/// <param name="Number">The number.</param>
public readonly record struct TrialId(int Number) : IComparable<TrialId>
{
    /// <inheritdoc/>
    public int CompareTo(TrialId other) => Number.CompareTo(other.Number);

    /// <summary>For example <c>trial 7</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"trial {Number}");

    /// <summary>Order by number.</summary>
    public static bool operator <(TrialId left, TrialId right) => left.Number < right.Number;

    /// <summary>Order by number.</summary>
    public static bool operator >(TrialId left, TrialId right) => left.Number > right.Number;

    /// <summary>Order by number.</summary>
    public static bool operator <=(TrialId left, TrialId right) => left.Number <= right.Number;

    /// <summary>Order by number.</summary>
    public static bool operator >=(TrialId left, TrialId right) => left.Number >= right.Number;
}
