using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Spaces;

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

    /// <summary>Every problem of this definition, as text.</summary>
    internal abstract IEnumerable<string> Problems();

    internal double MiddleCode => FromUnit(0.5);

    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The centre of the bin of value number <paramref name="index"/> out of <paramref name="count"/>.</summary>
    private protected static double BinCentre(double index, double count) => (index + 0.5) / count;

    private protected static double BinIndex(double unit, double count) => Math.Clamp(Math.Floor(unit * count), 0, count - 1);
}

/// <summary>Real numbers from <paramref name="Low"/> to <paramref name="High"/>, both reachable, in steps if <paramref name="Step"/> is given.</summary>
/// <param name="Low">The smallest value.</param>
/// <param name="High">The largest value.</param>
/// <param name="Scale">How the range is searched.</param>
/// <param name="Step">The distance between neighbouring values, counted from <paramref name="Low"/>; null for a continuum.</param>
public sealed record RealDomain(double Low, double High, Scale Scale = Scale.Linear, double? Step = null) : Domain
{
    // Units are multiples of 2^-53, so that encoding can find the very unit that a value came from.
    private const double Grid = 1UL << 53;
    private readonly double _logLow = PortableMath.Log(Low);
    private readonly double _logHigh = PortableMath.Log(High);

    /// <inheritdoc/>
    public override long? Cardinality => Low == High ? 1 : Step is null ? null : (long)Count;

    private double Count => Math.Round((High - Low) / Step!.Value) + 1;

    /// <inheritdoc/>
    public override bool Contains(double code) => code >= Low && code <= High && (Step is null || FromStep(StepIndex(code)) == code);

    /// <inheritdoc/>
    public override string Format(double code) => Text(code);

    internal override double FromUnit(double unit)
    {
        if (Step is not null) return FromStep(BinIndex(unit, Count));
        unit = Math.Round(unit * Grid) / Grid;
        if (unit <= 0) return Low;
        if (unit >= 1) return High;
        var value = Scale == Scale.Log
            ? PortableMath.Exp(_logLow * (1 - unit) + _logHigh * unit)
            : Low * (1 - unit) + High * unit;
        return Math.Clamp(value, Low, High);
    }

    internal override double ToUnit(double code)
    {
        if (Low == High) return 0.5;
        if (Step is not null) return BinCentre(StepIndex(code), Count);
        if (code <= Low) return 0;
        if (code >= High) return 1;
        var unit = Scale == Scale.Log
            ? (PortableMath.Log(code) - _logLow) / (_logHigh - _logLow)
            : (code / 2 - Low / 2) / (High / 2 - Low / 2);

        // Rounding leaves this a few grid points beside the unit that decodes to exactly this value: look there.
        var nearest = Math.Clamp(Math.Round(unit * Grid), 0, Grid);
        for (var offset = 0; offset <= 16; offset++)
        {
            if (FromUnit((nearest + offset) / Grid) == code) return (nearest + offset) / Grid;
            if (FromUnit((nearest - offset) / Grid) == code) return (nearest - offset) / Grid;
        }

        return nearest / Grid;
    }

    internal override IEnumerable<string> Problems()
    {
        if (!double.IsFinite(Low) || !double.IsFinite(High))
        {
            yield return $"the range from {Text(Low)} to {Text(High)} must be finite; give two numbers.";
            yield break;
        }

        if (Low > High) yield return $"low {Text(Low)} is above high {Text(High)}; swap them.";
        if (Scale == Scale.Log && Low <= 0) yield return $"low {Text(Low)} must be above 0 on a log scale; raise low or use Scale.Linear.";
        if (Step is not { } step) yield break;
        if (!(step > 0) || !double.IsFinite(step)) yield return $"step {Text(step)} must be above 0; leave it out for a continuous range.";
        else if (Scale == Scale.Log) yield return $"step {Text(step)} does not go with a log scale; leave one of them out.";
        else if (Math.Abs(Count - 1 - (High - Low) / step) > 1e-9 * Count)
            yield return $"step {Text(step)} does not lead from {Text(Low)} to {Text(High)}; set high to {Text(FromStep(Math.Floor((High - Low) / step)))}.";
    }

    private double StepIndex(double code) => Math.Clamp(Math.Round((code - Low) / Step!.Value), 0, Count - 1);

    private double FromStep(double index) => index >= Count - 1 ? High : Low + index * Step!.Value;
}

/// <summary>Whole numbers from <paramref name="Low"/> to <paramref name="High"/>, both included, in steps of <paramref name="Step"/>.</summary>
/// <param name="Low">The smallest value.</param>
/// <param name="High">The largest value.</param>
/// <param name="Scale">How the range is searched.</param>
/// <param name="Step">The distance between neighbouring values, counted from <paramref name="Low"/>.</param>
public sealed record IntegerDomain(int Low, int High, Scale Scale = Scale.Linear, int Step = 1) : Domain
{
    // On a log scale every whole number owns the stretch from half below to half above it.
    private readonly double _logLow = PortableMath.Log(Low - 0.5);
    private readonly double _logHigh = PortableMath.Log(High + 0.5);

    /// <inheritdoc/>
    public override long? Cardinality => ((long)High - Low) / Step + 1;

    /// <inheritdoc/>
    public override bool Contains(double code) => code >= Low && code <= High && (code - Low) % Step == 0;

    /// <inheritdoc/>
    public override string Format(double code) => ((long)code).ToString(CultureInfo.InvariantCulture);

    internal override double FromUnit(double unit)
    {
        if (Scale == Scale.Linear) return Low + Step * BinIndex(unit, Cardinality!.Value);
        return Math.Clamp(Math.Round(PortableMath.Exp(_logLow * (1 - unit) + _logHigh * unit)), Low, High);
    }

    internal override double ToUnit(double code)
    {
        if (Low == High) return 0.5;
        if (Scale == Scale.Linear) return BinCentre((code - Low) / Step, Cardinality!.Value);
        return (PortableMath.Log(code) - _logLow) / (_logHigh - _logLow);
    }

    internal override IEnumerable<string> Problems()
    {
        if (Low > High) yield return $"low {Low} is above high {High}; swap them.";
        if (Scale == Scale.Log && Low <= 0) yield return $"low {Low} must be above 0 on a log scale; raise low or use Scale.Linear.";
        if (Step < 1) yield return $"step {Step} must be at least 1.";
        else if (Step > 1 && Scale == Scale.Log) yield return $"step {Step} does not go with a log scale; leave one of them out.";
        else if (Low <= High && ((long)High - Low) % Step != 0)
            yield return $"step {Step} does not lead from {Low} to {High}; set high to {High - ((long)High - Low) % Step}.";
    }
}

/// <summary>One of several choices, named by their labels.</summary>
/// <param name="Labels">The choices' labels, in order; the code of a choice is its index here.</param>
/// <param name="Ordered">Whether neighbouring choices are alike, as in small, medium, large.</param>
public sealed record ChoiceDomain(ImmutableArray<string> Labels, bool Ordered = false) : Domain
{
    /// <inheritdoc/>
    public override long? Cardinality => Labels.Length;

    /// <inheritdoc/>
    public override bool IsOrdered => Ordered;

    /// <inheritdoc/>
    public override bool Contains(double code) => code >= 0 && code < Labels.Length && code == Math.Floor(code);

    /// <inheritdoc/>
    public override string Format(double code) => Labels[(int)code];

    /// <inheritdoc/>
    public bool Equals(ChoiceDomain? other) => other is not null && Ordered == other.Ordered && Labels.SequenceEqual(other.Labels);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Labels.Length, Ordered);

    internal override double FromUnit(double unit) => BinIndex(unit, Labels.Length);

    internal override double ToUnit(double code) => BinCentre(code, Labels.Length);

    internal override IEnumerable<string> Problems()
    {
        if (Labels.Length == 0) yield return "it has no choices; give at least one.";
        foreach (var twice in Labels.GroupBy(label => label, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return $"the choice '{twice.Key}' is there {twice.Count()} times; give each choice once (choices are told apart by their text).";
    }
}
