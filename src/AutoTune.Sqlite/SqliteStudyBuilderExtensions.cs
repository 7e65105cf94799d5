using AutoTune.Sqlite;

namespace AutoTune;

/// <summary>Keeps studies in files.</summary>
public static class SqliteStudyBuilderExtensions
{
    /// <summary>Keeps the study in a file, from which the same program goes on when it is run again: after its end, a crash or Ctrl-C.</summary>
    /// <param name="study">The study.</param>
    /// <param name="path">
    /// The file, such as <c>diamonds.db</c>; it and its folder are created if they are missing. One file may hold many studies, told apart by
    /// their names. Checkpoints and other files of the trials go beside it, into <c>diamonds.artifacts/&lt;study&gt;</c>.
    /// </param>
    /// <remarks>
    /// A fact that was recorded survives the end of the process in any way; a loss of power may take the last few. The file can be read
    /// while it is written, see <see cref="StudyFile"/>. A problem with the file is a <see cref="Journals.JournalException"/> when the study is opened.
    /// </remarks>
    public static T SaveTo<T>(this T study, string path) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var artifacts = Path.ChangeExtension(path, ".artifacts");
        return study.SaveArtifactsIn(Path.Combine(artifacts, FolderName(study.Name))).UseJournal(name => new SqliteJournal(path, name));
    }

    /// <summary>A study's name as that of a folder: different names give different folders, on every system.</summary>
    internal static string FolderName(string studyName)
    {
        var escaped = Uri.EscapeDataString(studyName);
        return escaped.StartsWith('.') ? "%2E" + escaped[1..] : escaped; // "." and ".." would be other folders
    }
}
