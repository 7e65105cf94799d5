using System.Buffers.Binary;
using AutoTune.Journals;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>What the errors of SQLite and of the file system mean for a study file: cause and remedy.</summary>
internal static class FileProblem
{
    /// <summary>SQLITE_CONSTRAINT: a row with this key is there already.</summary>
    public const int Constraint = 19;

    // The primary result codes of sqlite.org/rescode.html.
    private const int Permission = 3, Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static JournalException Of(SqliteException error, string path) => new(error.SqliteErrorCode switch
    {
        NotADatabase when BeginsAsDatabase(path) => Damaged(path, error.Message),
        NotADatabase => $"The file '{path}' is not a study file: it is no SQLite database; save to another file.",
        Corrupt => Damaged(path, error.Message),
        Busy or Locked => $"The study file '{path}' is locked by another program; close it there and run again.",
        ReadOnly or Permission => $"The study file '{path}' or its folder cannot be written; make both writable, or save to another file.",
        Full => DiskIsFull(path),
        InputOutput or CannotOpen => $"The study file '{path}' cannot be opened or written ({error.Message}); check the disk and the rights on its folder.",
        _ => $"The study file '{path}' cannot be used: {error.Message}",
    }, error);

    /// <summary>Whether an exception tells of a file; a file that would become too large is told of as an argument that is out of range.</summary>
    public static bool IsOfFile(Exception error) => error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    public static JournalException Of(Exception error, string path) => new(
        error is ArgumentOutOfRangeException || IsFull(error) ? DiskIsFull(path)
        : error is UnauthorizedAccessException ? $"The study file '{path}' or its folder cannot be written; make both writable, or save to another file."
        : $"The study file '{path}' cannot be read or written ({error.Message.TrimEnd('.')}); check the disk and the rights on its folder.", error);

    /// <summary>Whether SQLite found something else than it wrote.</summary>
    public static bool IsDamage(SqliteException error) => error.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>The message for a file that holds something else than was written.</summary>
    public static string Damaged(string path, string what)
        => $"The study file '{path}' is damaged ({what.TrimEnd('.')}); StudyFile.Repair(\"{path}\") keeps all up to the damage and sets the damaged file aside.";

    private static string DiskIsFull(string path) => $"The disk of the study file '{path}' is full; free some space and run again: the study goes on where it was.";

    // ENOSPC, EFBIG and EDQUOT of Linux (28, 27, 122) and macOS (28, 27, 69); ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.
    private static bool IsFull(Exception error) => OperatingSystem.IsWindows()
        ? (error.HResult & 0xFFFF) is 112 or 39
        : (error.HResult & 0xFFFF) is 28 or 27 or 122 or 69;

    /// <summary>SQLite says "not a database" of a damaged first page, too: whether its first bytes or the mark of study files are there.</summary>
    public static bool BeginsAsDatabase(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[72];
            return RandomAccess.Read(file, bytes, 0) == 72
                && (bytes.AsSpan(0, 16).SequenceEqual("SQLite format 3\0"u8) || BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(68)) == StudyTables.ApplicationId);
        }
        catch (Exception error) when (IsOfFile(error))
        {
            return false;
        }
    }
}
