using AutoTune.Spaces;

namespace AutoTune;

/// <summary>Whole numbers from <paramref name="Low"/> to <paramref name="High"/>, both included, in steps of <paramref name="Step"/>.</summary>
/// <param name="Low">The smallest value.</param>
/// <param name="High">The largest value.</param>
/// <param name="Scale">How the range is searched.</param>
/// <param name="Step">The distance between neighbouring values, counted from <paramref name="Low"/>.</param>
public sealed record IntegerDomain(int Low, int High, Scale Scale = Scale.Linear, int Step = 1) : Domain
{
    // What follows from the parameters; those have no setters, so that a copy cannot contradict it.
    private readonly double _count = Low > High || Step < 1 ? 0 : ((long)High - Low) / Step + 1;

    // On a log scale every whole number owns the stretch from half below to half above it.
    private readonly double _logLow = Scale == Scale.Log ? PortableMath.Log(Low - 0.5) : 0;
    private readonly double _logSpan = Scale == Scale.Log ? PortableMath.Log(High + 0.5) - PortableMath.Log(Low - 0.5) : 0;

    /// <summary>The smallest value.</summary>
    public int Low { get; } = Low;

    /// <summary>The largest value.</summary>
    public int High { get; } = High;

    /// <summary>How the range is searched.</summary>
    public Scale Scale { get; } = Scale;

    /// <summary>The distance between neighbouring values, counted from <see cref="Low"/>.</summary>
    public int Step { get; } = Step;

    /// <inheritdoc/>
    public override long? Cardinality => (long)_count;

    /// <inheritdoc/>
    public override bool Contains(double code) => code >= Low && code <= High && (code - Low) % Step == 0;

    /// <inheritdoc/>
    public override string Format(double code) => Text((long)code);

    internal override double FromUnit(double unit)
    {
        if (Scale == Scale.Linear) return Low + Step * BinIndex(unit, _count);
        return Math.Clamp(Math.Round(PortableMath.Exp(_logLow + _logSpan * unit)), Low, High);
    }

    internal override double ToUnit(double code)
    {
        if (Low == High) return 0.5;
        if (Scale == Scale.Linear) return BinCentre((code - Low) / Step, _count);
        return (PortableMath.Log(code) - _logLow) / _logSpan;
    }

    internal override IEnumerable<string> Problems()
    {
        if (Low > High) yield return $"low {Text(Low)} is above high {Text(High)}; swap them.";
        if (ScaleProblem(Scale) is { } unknown) yield return unknown;
        if (Scale == Scale.Log && Low <= 0) yield return $"low {Text(Low)} must be above 0 on a log scale; raise low or use Scale.Linear.";
        if (Step < 1)
            yield return $"step {Text(Step)} must be at least 1; leave it out for every whole number.";
        else if (Step > 1 && Scale == Scale.Log)
            yield return $"step {Text(Step)} does not go with a log scale; leave one of them out.";
        else if (Low < High && Step > (long)High - Low)
            yield return $"step {Text(Step)} is larger than the range from {Text(Low)} to {Text(High)}; reduce it or leave it out.";
        else if (Low < High && ((long)High - Low) % Step != 0)
            yield return $"step {Text(Step)} does not lead from {Text(Low)} to {Text(High)}; set high to {Text(High - ((long)High - Low) % Step)} or change the step.";
    }
}
