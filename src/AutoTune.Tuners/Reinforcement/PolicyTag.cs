using System.Collections.Immutable;
using System.Globalization;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>What the agent knew when it chose a trial, noted on it: so its likelihood is known when its loss comes.</summary>
/// <param name="Told">How many trials it had been told.</param>
/// <param name="LogLikelihood">The logarithm of the likelihood that its policy gave the configuration.</param>
internal readonly record struct PolicyTag(int Told, double LogLikelihood)
{
    public const string Key = "policy";

    public static PolicyTag? Of(Trial trial)
    {
        if (!trial.Tags.TryGetValue(Key, out var text)) return null;
        var parts = text.Split(':');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var told)
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var log) && double.IsFinite(log)
            ? new PolicyTag(told, log) : null;
    }

    public ImmutableSortedDictionary<string, string> ToTags() => ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
        .Add(Key, string.Create(CultureInfo.InvariantCulture, $"{Told}:{LogLikelihood:R}"));
}
