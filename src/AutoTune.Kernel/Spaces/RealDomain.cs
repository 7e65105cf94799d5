using AutoTune.Spaces;

namespace AutoTune;

/// <summary>Real numbers from <paramref name="Low"/> to <paramref name="High"/>, both reachable, in steps if <paramref name="Step"/> is given.</summary>
/// <param name="Low">The smallest value.</param>
/// <param name="High">The largest value.</param>
/// <param name="Scale">How the range is searched.</param>
/// <param name="Step">The distance between neighbouring values, counted from <paramref name="Low"/>; null for a continuum.</param>
public sealed record RealDomain(double Low, double High, Scale Scale = Scale.Linear, double? Step = null) : Domain
{
    // Bins of more steps than this are too narrow to be told apart by a unit safely.
    private const double MostSteps = int.MaxValue;

    // On a log scale units are multiples of 2^-53: encoding could not find a finer one again.
    private const double Grid = 1UL << 53;

    // What follows from the parameters; those have no setters, so that a copy cannot contradict it.
    private readonly double _span = High - Low; // infinite from -1.7e308 to 1.7e308
    private readonly double _logLow = Scale == Scale.Log ? PortableMath.Log(Low) : 0;
    private readonly double _logSpan = Scale == Scale.Log ? PortableMath.Log(High) - PortableMath.Log(Low) : 0;
    private readonly double _count = Step is { } step ? Math.Round((High - Low) / step) + 1 : double.PositiveInfinity;
    private readonly (decimal Low, decimal Step)? _exact = Exact(Low, High, Step);

    /// <summary>The smallest value.</summary>
    public double Low { get; } = Low;

    /// <summary>The largest value.</summary>
    public double High { get; } = High;

    /// <summary>How the range is searched.</summary>
    public Scale Scale { get; } = Scale;

    /// <summary>The distance between neighbouring values, counted from <see cref="Low"/>; null for a continuum.</summary>
    public double? Step { get; } = Step;

    /// <inheritdoc/>
    public override long? Cardinality => !(Low <= High) ? 0 : Low == High ? 1 : Step is null ? null : (long)Math.Max(_count, 0);

    /// <inheritdoc/>
    public override bool Contains(double code) => code >= Low && code <= High && (Step is null || FromStep(StepIndex(code)) == code);

    /// <inheritdoc/>
    public override string Format(double code) => Text(code);

    internal override double Tidy(double code)
    {
        if (Step is null || !(code >= Low - Step) || !(code <= High + Step)) return code;
        var nearest = FromStep(StepIndex(code));
        return Math.Abs(nearest - code) <= 1e-9 * Step ? nearest : code;
    }

    internal override double FromUnit(double unit)
    {
        if (Step is not null) return FromStep(BinIndex(unit, _count));
        if (Scale == Scale.Log) unit = Math.Round(unit * Grid) / Grid;
        if (unit <= 0) return Low;
        if (unit >= 1) return High;
        if (Scale == Scale.Log) return Math.Clamp(PortableMath.Exp(_logLow + _logSpan * unit), Low, High);
        return Math.Clamp(double.IsFinite(_span) ? Low + _span * unit : 2 * (Low / 2 + (High / 2 - Low / 2) * unit), Low, High);
    }

    internal override double ToUnit(double code)
    {
        if (Low == High) return 0.5;
        if (Step is not null) return BinCentre(StepIndex(code), _count);
        if (code <= Low) return 0;
        if (code >= High) return 1;
        if (Scale == Scale.Log)
        {
            if (_logSpan <= 0) return 0.5; // the ends are neighbours
            var log = PortableMath.Log(code);
            // Four strides change the logarithm, or the value itself, by one unit in its last place.
            var stride = Math.Max(1, Math.Floor(Math.Max(Ulp(log), 1 / Grid) / _logSpan * Grid / 4)) / Grid;
            return Search(code, Math.Round((log - _logLow) / _logSpan * Grid) / Grid, stride);
        }

        var unit = double.IsFinite(_span) ? (code - Low) / _span : (code / 2 - Low / 2) / (High / 2 - Low / 2);
        return Search(code, unit, Math.Max(Ulp(unit), Ulp(code) / _span / 2));
    }

    /// <summary>d code / d unit at a code: what a derivative by the value is to be multiplied with to be one by the coordinate. Steps count as the continuum that they are cut from.</summary>
    internal double CodeByUnit(double code) => Low == High ? 0 : Step is { } step ? step * _count : Scale == Scale.Log ? code * _logSpan : _span;

    internal override IEnumerable<string> Problems()
    {
        if (!double.IsFinite(Low) || !double.IsFinite(High))
        {
            yield return $"the range from {Text(Low)} to {Text(High)} must be finite; give two numbers.";
            yield break;
        }

        if (Low > High) yield return $"low {Text(Low)} is above high {Text(High)}; swap them.";
        if (ScaleProblem(Scale) is { } unknown) yield return unknown;
        if (Scale == Scale.Log && Low <= 0) yield return $"low {Text(Low)} must be above 0 on a log scale; raise low or use Scale.Linear.";
        if (Step is not { } step) yield break;
        var steps = _span / step;
        if (!(step > 0) || !double.IsFinite(step))
            yield return $"step {Text(step)} must be a finite number above 0; leave it out for a continuous range.";
        else if (Scale == Scale.Log)
            yield return $"step {Text(step)} does not go with a log scale; leave one of them out.";
        else if (Low >= High)
            yield break;
        else if (steps >= MostSteps)
            yield return $"step {Text(step)} makes more than {Text(MostSteps)} values from {Text(Low)} to {Text(High)}; enlarge it or leave it out.";
        else if (steps < 1 - 1e-5)
            yield return $"step {Text(step)} is larger than the range from {Text(Low)} to {Text(High)}; reduce it or leave it out.";
        else if (Math.Abs(Math.Round(steps) - steps) > 1e-5) // a smaller gap is rounding, or does not matter
            yield return $"step {Text(step)} does not lead from {Text(Low)} to {Text(High)}; set high to {Text(Stepped(Math.Floor(steps)))} or change the step.";
    }

    /// <summary>
    /// The unit that decodes to exactly this value: the guess, or one some strides beside it, where rounding left it. A value that no
    /// unit decodes to, such as a hand-written one on a log scale, gets the guess: it decodes to the same number but for its last digits (a default to itself, see <see cref="UnitCubeEncoding"/>).
    /// </summary>
    private double Search(double code, double guess, double stride)
    {
        for (var offset = 0; offset <= 16; offset++)
        {
            if (FromUnit(guess + offset * stride) == code) return Math.Min(guess + offset * stride, 1);
            if (FromUnit(guess - offset * stride) == code) return Math.Max(guess - offset * stride, 0);
        }

        return Math.Clamp(guess, 0, 1);
    }

    private double StepIndex(double code) => Math.Max(0, Math.Min(Math.Round((code - Low) / Step!.Value), _count - 1));

    private double FromStep(double index) => index <= 0 ? Low : index >= _count - 1 ? High : Stepped(index);

    // Three steps of 0.1 are 0.3, not 0.30000000000000004.
    private double Stepped(double index) => _exact is { } exact ? (double)(exact.Low + exact.Step * (decimal)index) : Low + index * Step!.Value;

    /// <summary>The grid in decimal digits, where it has few enough to be exact.</summary>
    private static (decimal Low, decimal Step)? Exact(double low, double high, double? step)
    {
        if (step is not (>= 1e-12 and <= 1e12) || !(Math.Abs(low) <= 1e12) || !((high - low) / step < MostSteps)) return null;
        var exact = ((decimal)low, (decimal)step.Value);
        return (double)exact.Item1 == low && (double)exact.Item2 == step ? exact : null;
    }

    private static double Ulp(double value) => Math.BitIncrement(Math.Abs(value)) - Math.Abs(value);
}
