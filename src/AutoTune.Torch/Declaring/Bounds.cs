namespace AutoTune.Torch.Declaring;

/// <summary>What a setting may be at all, whatever range of it is searched.</summary>
internal sealed class Bounds
{
    public static readonly Bounds NotNegative = new("at least 0", value => value >= 0);
    public static readonly Bounds Positive = new("above 0", value => value > 0);
    public static readonly Bounds BelowOne = new("from 0 to below 1", value => value is >= 0 and < 1);
    public static readonly Bounds Fraction = new("from 0 to 1", value => value is >= 0 and <= 1);
    public static readonly Bounds PositiveFraction = new("above 0 and at most 1", value => value is > 0 and <= 1);
    public static readonly Bounds Inside = new("above 0 and below 1", value => value is > 0 and < 1);
    private readonly string _rule;
    private readonly Func<double, bool> _isMet;

    private Bounds(string rule, Func<double, bool> isMet) => (_rule, _isMet) = (rule, isMet);

    /// <summary>Refuses a range of which an end is out of bounds. One that is none at all the space reports.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is.</exception>
    public void Demand(string name, RealRange range)
    {
        if (!(double.IsFinite(range.Low) && double.IsFinite(range.High) && range.Low <= range.High) || (range.Scale == Scale.Log && range.Low <= 0 && !range.IsFixed)) return;
        if (_isMet(range.Low) && _isMet(range.High)) return;
        var what = range.IsFixed ? FormattableString.Invariant($"'{name}' is {range.Low}; it") : FormattableString.Invariant($"'{name}' is searched from {range.Low} to {range.High}; both");
        throw new ArgumentOutOfRangeException(nameof(range), $"{what} must be {_rule}.");
    }
}
