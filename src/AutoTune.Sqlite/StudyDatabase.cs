using System.Collections.Immutable;
using AutoTune.Journals;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>Opens study files, and asks them what they hold.</summary>
internal static class StudyDatabase
{
    public static SqliteConnection OpenForWriting(string path, Durability durability)
    {
        CreateFolder(path);
        DemandFile(path);
        if (File.Exists(path) && new FileInfo(path).IsReadOnly)
            throw new JournalException($"The study file '{path}' is read-only; make it writable, or save to another file.");
        return Open(path, SqliteOpenMode.ReadWriteCreate, connection =>
        {
            // Looked at before anything is changed: it may be another program's.
            if (!StudyTables.IsEmpty(connection)) StudyTables.VersionOf(connection, path);
            connection.Execute("pragma journal_mode = wal");
            connection.Execute(durability == Durability.PowerLoss ? "pragma synchronous = full" : "pragma synchronous = normal");
            StudyTables.Prepare(connection, path);
        });
    }

    public static SqliteConnection OpenForReading(string path)
    {
        DemandFile(path);
        if (!File.Exists(path)) throw new JournalException($"The study file '{path}' does not exist; check the path.");
        return Open(path, SqliteOpenMode.ReadOnly, connection => StudyTables.VersionOf(connection, path));
    }

    /// <summary>For one who moves the log of a file that is being written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="patience">How many milliseconds readers are waited for.</param>
    public static SqliteConnection OpenBesideAWriter(string path, int patience) => Open(path, SqliteOpenMode.ReadWrite, connection =>
    {
        connection.Execute(FormattableString.Invariant($"pragma busy_timeout = {patience}"));
        connection.Execute("pragma synchronous = normal");
    });

    public static ImmutableArray<string> StudyNames(SqliteConnection connection, string path)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        var version = StudyTables.VersionOf(connection, path);
        if (version == 0) return [];
        using var command = connection.Command(version >= 2
            ? "select name from studies where exists (select * from facts where study = id) or exists (select * from blocks where study = id) order by id"
            : "select name from studies where exists (select * from facts where study = id) order by id");
        using var rows = command.ExecuteReader();
        while (rows.Read()) names.Add(rows.GetString(0));
        return names.ToImmutable();
    }

    /// <summary>The number of the study, which is added if it is new.</summary>
    public static long AddStudy(SqliteConnection connection, string studyName)
    {
        connection.Execute("insert into studies (name) values ($name) on conflict do nothing", ("$name", studyName));
        return connection.Number("select id from studies where name = $name", ("$name", studyName));
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode, Action<SqliteConnection> prepare)
    {
        // Without pooling, disposing closes the file: it can be moved or deleted, and its log is folded into it.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute("pragma busy_timeout = 10000");
            prepare(connection);
            return connection;
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw FileProblem.Of(error, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void CreateFolder(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is null) return;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The folder of the study file '{path}' cannot be created: {error.Message} Save to another folder.", error);
        }
    }

    private static void DemandFile(string path)
    {
        if (Directory.Exists(path)) throw new JournalException($"The study file '{path}' is a folder; give a file in it, such as '{Path.Combine(path, "study.db")}'.");
    }
}
