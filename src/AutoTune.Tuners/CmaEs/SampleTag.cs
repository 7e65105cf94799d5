using System.Collections.Immutable;
using System.Globalization;

namespace AutoTune.Tuners.CmaEs;

/// <summary>Which sample a trial is: noted on the trial, so that its draw can be repeated when its loss is told.</summary>
/// <param name="Generation">The generation's number.</param>
/// <param name="Index">The sample's number in it.</param>
/// <param name="Draw">How often it was drawn before: draws that break a constraint or repeat a trial are drawn again.</param>
internal readonly record struct SampleTag(long Generation, int Index, int Draw)
{
    private const string Key = "cma-es";

    public static SampleTag? Of(Trial trial)
    {
        if (!trial.Tags.TryGetValue(Key, out var text)) return null;
        var parts = text.Split('.');
        return parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var draw)
            ? new SampleTag(generation, index, draw) : null;
    }

    public ImmutableSortedDictionary<string, string> ToTags() => ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
        .Add(Key, string.Create(CultureInfo.InvariantCulture, $"{Generation}.{Index}.{Draw}"));
}
