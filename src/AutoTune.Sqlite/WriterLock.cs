using System.Globalization;
using AutoTune.Journals;

namespace AutoTune.Sqlite;

/// <summary>
/// Keeps a second writer away from a study: an empty file beside the database, locked by the operating system, which lets go of it when
/// the process ends in whichever way.
/// </summary>
/// <remarks>
/// The sequence numbers alone would also refuse one of two writers, but it might be the first: the second one takes the running
/// trials of the first for orphans, and writes so.
/// </remarks>
internal sealed class WriterLock : IDisposable
{
    private readonly FileStream _file;

    private WriterLock(FileStream file) => _file = file;

    public static string PathOf(string databasePath, long study) => string.Create(CultureInfo.InvariantCulture, $"{databasePath}-writer-{study}");

    /// <exception cref="JournalException">Another writer has it.</exception>
    /// <param name="path">The database.</param>
    /// <param name="study">The study's number.</param>
    /// <param name="studyName">The study's name.</param>
    /// <param name="holder">Says who has it, for the message.</param>
    public static WriterLock Take(string path, long study, string studyName, Func<string> holder)
    {
        var lockPath = PathOf(path, study);
        try
        {
            while (true)
            {
                var file = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                if (IsStillThere(file, lockPath)) return new WriterLock(file);
                file.Dispose();
            }
        }
        catch (IOException error) when (IsHeldByAnother(error))
        {
            throw new JournalException(
                $"The study '{studyName}' in '{path}' is being written by {holder()}; wait for its end, or give this study another name or file.", error);
        }
        catch (Exception error) when (FileProblem.IsOfFile(error))
        {
            throw new JournalException($"The file '{lockPath}', which keeps a second writer away, cannot be made: {error.Message} Make its folder writable, or save to another one.", error);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>
    /// Whether the locked file is the one that its path names. Whoever had it before may have deleted it after it was opened here and before it was
    /// locked; a third one would then lock a new file.
    /// </summary>
    private static bool IsStillThere(FileStream file, string path)
    {
        if (OperatingSystem.IsWindows()) return true; // there a file that is open elsewhere is not deleted
        var mark = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(Environment.ProcessId);
        File.SetLastWriteTimeUtc(file.SafeFileHandle, mark);
        return File.Exists(path) && File.GetLastWriteTimeUtc(path) == File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }

    // EWOULDBLOCK of Linux and macOS; ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows.
    private static bool IsHeldByAnother(IOException error) => (error.HResult & 0xFFFF) is 11 or 35 or 32 or 33;
}
