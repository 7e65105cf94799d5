using System.Collections.Immutable;
using System.Globalization;

namespace AutoTune.Scheduling;

/// <summary>The tags of a trial of Hyperband: the number of its bracket, and the rung at which it began, both counted from 0.</summary>
internal static class BracketTags
{
    private const string Bracket = "bracket", Rung = "rung";

    public static ImmutableSortedDictionary<string, string> Of(int bracket, int rung) => OfRung(rung).Add(Bracket, Text(bracket));

    /// <summary>Those of a trial that belongs to no bracket.</summary>
    public static ImmutableSortedDictionary<string, string> OfRung(int rung) => Notes.None<string>().Add(Rung, Text(rung));

    /// <returns>Whether both are there.</returns>
    public static bool Read(ImmutableSortedDictionary<string, string> tags, out int bracket, out int rung)
    {
        rung = 0;
        return IsNumber(tags, Bracket, out bracket) && IsNumber(tags, Rung, out rung);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool IsNumber(ImmutableSortedDictionary<string, string> tags, string tag, out int number)
    {
        number = 0;
        return tags.TryGetValue(tag, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
