using System.Globalization;

namespace AutoTune.Tuners;

/// <summary>The rules of an options record: all that are broken are said at once.</summary>
/// <param name="owner">The record's name.</param>
internal sealed class OptionRules(string owner)
{
    private readonly List<string> _problems = [];
    private string? _first;

    /// <summary>Adds a rule.</summary>
    /// <param name="isMet">Whether it is met.</param>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="rule">What it must be.</param>
    public OptionRules Demand(bool isMet, string name, IFormattable? value, string rule)
    {
        if (isMet) return this;
        _first ??= name;
        _problems.Add($"{owner}.{name} is {value?.ToString(null, CultureInfo.InvariantCulture) ?? "null"}; it must be {rule}.");
        return this;
    }

    /// <summary>Ends the rules.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is broken.</exception>
    public void Check()
    {
        if (_problems.Count > 0) throw new ArgumentOutOfRangeException(_first, string.Join(' ', _problems));
    }
}
