using System.Collections.Immutable;
using AutoTune.Journals;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>The tables of a study file, and the only place with SQL besides the journal's one insert.</summary>
internal static class StudyDatabase
{
    /// <summary>"AuTu": marks an SQLite file as a study file.</summary>
    public const long ApplicationId = 0x41755475;

    /// <summary>The version of the tables, kept as SQLite's user_version. The facts' text has a version of its own.</summary>
    public const long Version = 1;

    private const string Tables = """
        create table studies (id integer primary key, name text not null unique) strict;
        create table facts (
            study integer not null references studies (id),
            sequence integer not null,
            kind text not null,
            schema integer not null,
            fact text not null,
            primary key (study, sequence)
        ) strict, without rowid;
        """;

    public static SqliteConnection OpenForWriting(string path)
    {
        CreateFolder(path);
        DemandFile(path);
        if (File.Exists(path) && new FileInfo(path).IsReadOnly)
            throw new JournalException($"The study file '{path}' is read-only; make it writable, or save to another file.");
        return Open(path, SqliteOpenMode.ReadWriteCreate, connection =>
        {
            // Looked at before anything is changed: it may be another program's.
            var isNew = IsEmpty(connection);
            if (!isNew) DemandStudyFile(connection, path);
            Execute(connection, "pragma journal_mode = wal; pragma synchronous = normal;");
            if (isNew) CreateTables(connection, path);
        });
    }

    public static SqliteConnection OpenForReading(string path)
    {
        DemandFile(path);
        if (!File.Exists(path)) throw new JournalException($"The study file '{path}' does not exist; check the path.");
        return Open(path, SqliteOpenMode.ReadOnly, connection => DemandStudyFile(connection, path));
    }

    public static ImmutableArray<string> StudyNames(SqliteConnection connection)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        using var command = Command(connection, "select name from studies where exists (select * from facts where study = id) order by id");
        using var rows = command.ExecuteReader();
        while (rows.Read()) names.Add(rows.GetString(0));
        return names.ToImmutable();
    }

    public static long CountFacts(SqliteConnection connection, string studyName)
        => Number(connection, "select count(*) from facts where study = (select id from studies where name = $name)", ("$name", studyName));

    /// <summary>The number of the study, which is added if it is new.</summary>
    public static long AddStudy(SqliteConnection connection, string studyName)
    {
        Execute(connection, "insert into studies (name) values ($name) on conflict do nothing", ("$name", studyName));
        return Number(connection, "select id from studies where name = $name", ("$name", studyName));
    }

    /// <exception cref="JournalException">What is kept cannot be read.</exception>
    public static List<StudyEvent> ReadFacts(SqliteConnection connection, string path, string studyName, long fromSequence)
    {
        var reader = new EventReader($"the study '{studyName}' in '{path}'");
        var facts = new List<StudyEvent>();
        try
        {
            // The facts that make up the space are needed to read any other.
            using var command = Command(connection, """
                select sequence, schema, fact from facts
                where study = (select id from studies where name = $name)
                  and (sequence >= $from or kind in ('study-created', 'hyperparameter-declared'))
                order by sequence
                """, ("$name", studyName), ("$from", fromSequence));
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                reader.DemandVersion(rows.GetInt32(1));
                var fact = reader.Read(rows.GetString(2));
                if (rows.GetInt64(0) >= fromSequence) facts.Add(fact);
            }

            return facts;
        }
        catch (SqliteException error)
        {
            throw SqliteProblem.Of(error, path);
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode, Action<SqliteConnection> prepare)
    {
        // Without pooling, disposing closes the file: it can be moved or deleted, and its log is folded into it.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "pragma busy_timeout = 10000");
            prepare(connection);
            return connection;
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw SqliteProblem.Of(error, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void CreateTables(SqliteConnection connection, string path)
    {
        // Whoever comes first makes the tables; not deferred, so that a second one waits and then finds them.
        using var transaction = connection.BeginTransaction(deferred: false);
        if (IsEmpty(connection))
            Execute(connection, FormattableString.Invariant($"{Tables} pragma application_id = {ApplicationId}; pragma user_version = {Version};"));
        DemandStudyFile(connection, path);
        transaction.Commit();
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

    private static bool IsEmpty(SqliteConnection connection)
        => Number(connection, "pragma application_id") == 0 && Number(connection, "select count(*) from sqlite_schema") == 0;

    private static void DemandStudyFile(SqliteConnection connection, string path)
    {
        if (Number(connection, "pragma application_id") != ApplicationId)
            throw new JournalException($"The file '{path}' is an SQLite database of some other program, not a study file; save to another file.");
        if (Number(connection, "pragma user_version") is > Version and var version)
            throw new JournalException(FormattableString.Invariant(
                $"The study file '{path}' was written by a newer AutoTune (file version {version}; this one reads up to {Version}); update the package."));
    }

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(connection, sql, values);
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
