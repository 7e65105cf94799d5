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

    /// <exception cref="JournalException">Another writer has it.</exception>
    public static WriterLock Take(string path, long study, string studyName)
    {
        var lockPath = string.Create(CultureInfo.InvariantCulture, $"{path}-writer-{study}");
        try
        {
            return new WriterLock(new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException error) when (IsHeldByAnother(error))
        {
            throw new JournalException(
                $"The study '{studyName}' in '{path}' is being written by another process, or by another journal of this one; "
                + "wait for its end, or give this study another name or file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The file '{lockPath}', which keeps a second writer away, cannot be made: {error.Message} Make its folder writable, or save to another one.", error);
        }
    }

    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK of Linux and macOS; ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows.
    private static bool IsHeldByAnother(IOException error) => (error.HResult & 0xFFFF) is 11 or 35 or 32 or 33;
}
