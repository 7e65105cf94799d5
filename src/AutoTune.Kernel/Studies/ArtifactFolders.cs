using System.Globalization;

namespace AutoTune.Studies;

/// <summary>Where trials leave files.</summary>
internal static class ArtifactFolders
{
    /// <summary>The folder for a study that is kept in memory: below the temporary folder, apart for each process.</summary>
    public static string Temporary(string studyName) => Path.Combine(Path.GetTempPath(), "autotune",
        Environment.ProcessId.ToString(CultureInfo.InvariantCulture), FileName(studyName));

    /// <summary>A trial's folder.</summary>
    public static string OfTrial(string artifacts, TrialId id) => Path.Combine(artifacts, string.Create(CultureInfo.InvariantCulture, $"trial-{id.Number:D5}"));

    /// <summary>A study's name as the name of a folder: characters that some file system refuses become '_'.</summary>
    public static string FileName(string studyName)
        => string.Concat(studyName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ' ' ? c : '_')).Trim('.', ' ') is { Length: > 0 } name ? name : "_";
}
