namespace AutoTune.MLNet;

/// <summary>Names like one that does not exist, for messages.</summary>
internal static class Nearest
{
    /// <summary>A sentence that names the nearest of the names, or all if there are few.</summary>
    public static string Suggest(string wanted, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return "there are no columns.";
        var near = names.Select(name => (name, distance: Distance(wanted.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(candidate => candidate.distance <= Math.Max(2, wanted.Length / 3))
            .OrderBy(candidate => candidate.distance).Take(3).Select(candidate => $"'{candidate.name}'").ToArray();
        return near.Length > 0
            ? $"did you mean {string.Join(" or ", near)}?"
            : $"there are {string.Join(", ", names.Take(12).Select(name => $"'{name}'"))}{(names.Count > 12 ? $" and {names.Count - 12} more" : "")}.";
    }

    // Levenshtein's distance, a row of the table at a time.
    private static int Distance(string a, string b)
    {
        var above = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            above = row;
        }

        return above[b.Length];
    }
}
