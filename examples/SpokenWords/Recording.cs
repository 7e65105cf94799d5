using System.Globalization;

namespace SpokenWords;

/// <summary>One spoken digit in a file <c>{digit}_{speaker}_{index}.wav</c>.</summary>
internal sealed record Recording(string File, int Digit, string Speaker, int Index)
{
    public static readonly string[] Words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    /// <summary>The recordings of a folder, in an order of their own.</summary>
    /// <param name="folder">The folder, or one whose folder "recordings" it is.</param>
    /// <param name="each">How many of each speaker and digit are taken at most.</param>
    /// <exception cref="ArgumentException">There are none, or too few speakers to keep them apart.</exception>
    public static List<Recording> In(string folder, int each)
    {
        if (!Directory.Exists(folder)) throw new ArgumentException($"The folder {folder} is not there; --recordings names one of files {{digit}}_{{speaker}}_{{index}}.wav, such as those of the Free Spoken Digit Dataset.");
        if (Path.Combine(folder, "recordings") is var inner && Directory.Exists(inner) && !Directory.EnumerateFiles(folder, "*.wav").Any()) folder = inner; // the data set's repository
        var all = Directory.EnumerateFiles(folder, "*.wav").Select(Parse).OfType<Recording>().Where(recording => recording.Index < each)
            .OrderBy(recording => recording.Speaker, StringComparer.Ordinal).ThenBy(recording => recording.Digit).ThenBy(recording => recording.Index).ToList();
        var speakers = all.Select(recording => recording.Speaker).Distinct().Count();
        return speakers >= 3 ? all
            : throw new ArgumentException($"In {folder} are recordings of {speakers} speakers; it takes 3 to train, to validate and to test on different ones. Files are named {{digit}}_{{speaker}}_{{index}}.wav.");
    }

    private static Recording? Parse(string file)
        => Path.GetFileNameWithoutExtension(file).Split('_') is [var digit, var speaker, var index]
           && int.TryParse(digit, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 9
           && int.TryParse(index, CultureInfo.InvariantCulture, out var count) ? new Recording(file, number, speaker, count) : null;
}
