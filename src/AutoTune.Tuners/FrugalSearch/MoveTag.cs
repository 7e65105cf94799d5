using System.Collections.Immutable;
using System.Globalization;

namespace AutoTune.Tuners.FrugalSearch;

/// <summary>Whose move a trial is: noted on the trial, so that its loss goes to the search that proposed it.</summary>
/// <param name="Search">The local search's number; -1: the global one's.</param>
/// <param name="Epoch">How often the local search's incumbent had moved.</param>
internal readonly record struct MoveTag(int Search, int Epoch)
{
    public const int Global = -1;
    private const string Key = "frugal";

    public static MoveTag? Of(Trial trial)
    {
        if (!trial.Tags.TryGetValue(Key, out var text)) return null;
        if (text == "global") return new MoveTag(Global, 0);
        var parts = text.Split('.');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var search)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? new MoveTag(search, epoch) : null;
    }

    public ImmutableSortedDictionary<string, string> ToTags() => ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
        .Add(Key, Search == Global ? "global" : string.Create(CultureInfo.InvariantCulture, $"{Search}.{Epoch}"));
}
