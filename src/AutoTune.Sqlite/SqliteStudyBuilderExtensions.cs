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
    /// <param name="durability">
    /// What no finished trial is lost by: by default the end of the process in any way; <see cref="Durability.PowerLoss"/> for a flush of the disk a trial.
    /// </param>
    /// <remarks>
    /// One process writes a study at a time; it can be read by any number meanwhile, see <see cref="StudyFile"/>. A problem with the file is a
    /// <see cref="Journals.JournalException"/> when the study is opened. If the file cannot be written later, as when the disk is full, the study ends
    /// with what it has, says so in its result, and goes on from the last fact that was kept when it is run again.
    /// </remarks>
    public static T SaveTo<T>(this T study, string path, Durability durability = Durability.ProcessCrash) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var artifacts = Path.ChangeExtension(path, ".artifacts");
        return study.SaveArtifactsIn(Path.Combine(artifacts, FolderName(study.Name))).UseJournal(name => new SqliteJournal(path, name, durability));
    }

    /// <summary>A study's name as that of a folder: different names give different folders, on every system.</summary>
    internal static string FolderName(string studyName)
    {
        var escaped = Uri.EscapeDataString(studyName);
        return escaped.StartsWith('.') ? "%2E" + escaped[1..] : escaped; // "." and ".." would be other folders
    }
}
