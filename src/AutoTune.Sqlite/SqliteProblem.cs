using AutoTune.Journals;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>What SQLite's errors mean for a study file: cause and remedy.</summary>
internal static class SqliteProblem
{
    /// <summary>SQLITE_CONSTRAINT: a row with this key is there already.</summary>
    public const int Constraint = 19;

    // The primary result codes of sqlite.org/rescode.html.
    private const int Permission = 3, Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static JournalException Of(SqliteException error, string path) => new(error.SqliteErrorCode switch
    {
        NotADatabase => $"The file '{path}' is not a study file: it is no SQLite database; save to another file.",
        Corrupt => $"The study file '{path}' is damaged; restore it from a copy, or save to another file.",
        Busy or Locked => $"The study file '{path}' is locked by another program; close it there and run again.",
        ReadOnly or Permission => $"The study file '{path}' or its folder cannot be written; make both writable, or save to another file.",
        Full => $"The disk of the study file '{path}' is full; free some space and run again: the study goes on where it was.",
        InputOutput or CannotOpen => $"The study file '{path}' cannot be opened or written ({error.Message}); check the disk and the rights on its folder.",
        _ => $"The study file '{path}' cannot be used: {error.Message}",
    }, error);
}
