using System.Globalization;

namespace AutoTune.Studies;

/// <summary>Where trials leave files.</summary>
internal static class ArtifactFolders
{
    /// <summary>The folder for a study that is kept in memory: below the temporary folder, apart for each process.</summary>
    public static string Temporary(string studyName) => Path.Combine(Path.GetTempPath(), "autotune",
        Environment.ProcessId.ToString(CultureInfo.InvariantCulture), FileName(studyName));

    /// <summary>A study's name as the name of a folder: characters that some file system refuses become '_'.</summary>
    public static string FileName(string studyName)
        => string.Concat(studyName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ' ' ? c : '_')).Trim('.', ' ') is { Length: > 0 } name ? name : "_";

    /// <summary>Makes a folder the copy of another; nothing if that one does not exist.</summary>
    public static void Copy(string from, string to)
    {
        if (!Directory.Exists(from) || from == to) return;
        if (Directory.Exists(to)) Directory.Delete(to, recursive: true);
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
