using AutoTune.Journals;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>Writes blocks of facts of one study into the database, by one prepared statement. One caller at a time.</summary>
internal sealed class BlockWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly string _studyName;
    private readonly SqliteCommand _insert;

    public BlockWriter(SqliteConnection connection, string path, string studyName, long study)
    {
        (_connection, _path, _studyName, Study) = (connection, path, studyName, study);
        _insert = connection.Command(
            "insert into blocks (study, first, count, declares, schema, frames) values ($study, $first, $count, $declares, $schema, $frames)",
            ("$study", study), ("$first", 0L), ("$count", 0L), ("$declares", false), ("$schema", EventFrameWriter.SchemaVersion), ("$frames", Array.Empty<byte>()));
    }

    /// <summary>The study's number.</summary>
    public long Study { get; }

    /// <exception cref="JournalException">Another writer has been at work.</exception>
    public void Write(long first, long count, bool declares, ReadOnlySpan<byte> frames)
    {
        var next = FactReading.NextOf(_connection, Study);
        if (next != first) throw DoesNotFollow(first, next, _studyName, _path, null);
        _insert.Parameters[1].Value = first;
        _insert.Parameters[2].Value = count;
        _insert.Parameters[3].Value = declares;
        _insert.Parameters[5].Value = frames.ToArray();
        try
        {
            _insert.ExecuteNonQuery();
        }
        catch (SqliteException error) when (error.SqliteErrorCode == FileProblem.Constraint)
        {
            throw DoesNotFollow(first, FactReading.NextOf(_connection, Study), _studyName, _path, error);
        }
    }

    public void Dispose() => _insert.Dispose();

    public static JournalException DoesNotFollow(long sequence, long next, string studyName, string path, SqliteException? cause) => new(
        $"Fact {sequence} does not follow fact {next - 1} of the study '{studyName}' in '{path}': another writer has been at work on this study; run one at a time.", cause);
}
