using AutoTune.Journals;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>The tables of a study file and their versions.</summary>
/// <remarks>
/// Version 1 kept a fact a row, as text, in <c>facts</c>. Since version 2 facts come in blocks of frames, in <c>blocks</c>; those that a file
/// of version 1 has stay where they are and are read first.
/// </remarks>
internal static class StudyTables
{
    /// <summary>"AuTu": marks an SQLite file as a study file.</summary>
    public const long ApplicationId = 0x41755475;

    /// <summary>The version of the tables, kept as SQLite's user_version. The facts' form has a version of its own.</summary>
    public const long Version = 2;

    private const string Version1 = """
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

    // declares: whether a fact of the block makes up the space, and is needed to read any other.
    private const string Version2 = """
        create table blocks (
            study integer not null references studies (id),
            first integer not null,
            count integer not null,
            declares integer not null,
            schema integer not null,
            frames blob not null,
            unique (study, first)
        ) strict;
        create table writers (
            study integer primary key references studies (id),
            token blob not null,
            process integer not null,
            program text not null,
            machine text not null,
            since text not null
        ) strict;
        """;

    /// <summary>Makes the tables of a new file, and brings those of an older one up to date.</summary>
    public static void Prepare(SqliteConnection connection, string path)
    {
        // Not deferred, so that of two that come at a time one waits and then finds the tables.
        using var transaction = connection.BeginTransaction(deferred: false);
        if (IsEmpty(connection)) connection.Execute(FormattableString.Invariant($"{Version1}{Version2} pragma application_id = {ApplicationId}; pragma user_version = {Version};"));
        else if (VersionOf(connection, path) < Version) connection.Execute(FormattableString.Invariant($"{Version2} pragma user_version = {Version};"));
        transaction.Commit();
    }

    public static bool IsEmpty(SqliteConnection connection)
        => connection.Number("pragma application_id") == 0 && connection.Number("select count(*) from sqlite_schema") == 0;

    /// <summary>The version of the tables; 0 if there are none yet, as in a file that is just being made.</summary>
    /// <exception cref="JournalException">It is another program's file, or comes from a newer AutoTune.</exception>
    public static long VersionOf(SqliteConnection connection, string path)
    {
        // Again, as the tables may come between the two looks.
        if (connection.Number("pragma application_id") != ApplicationId && IsEmpty(connection)) return 0;
        if (connection.Number("pragma application_id") != ApplicationId)
            throw new JournalException($"The file '{path}' is an SQLite database of some other program, not a study file; save to another file.");
        var version = connection.Number("pragma user_version");
        return version <= Version ? version : throw new JournalException(FormattableString.Invariant(
            $"The study file '{path}' was written by a newer AutoTune (file version {version}; this one reads up to {Version}); update the package."));
    }
}
