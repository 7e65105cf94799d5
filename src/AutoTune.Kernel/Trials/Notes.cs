using System.Collections.Immutable;

namespace AutoTune;

/// <summary>Dictionaries by name, ordered by the characters' numbers: the default order follows the culture, and a study must not.</summary>
internal static class Notes
{
    public static ImmutableSortedDictionary<string, T> None<T>() => Empty<T>.Value;

    public static ImmutableSortedDictionary<string, T> Ordinal<T>(this ImmutableSortedDictionary<string, T>? notes)
        => notes?.WithComparers(StringComparer.Ordinal) ?? None<T>();

    private static class Empty<T>
    {
        public static readonly ImmutableSortedDictionary<string, T> Value = ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
    }
}
