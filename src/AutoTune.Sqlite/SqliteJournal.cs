using AutoTune.Journals;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>A journal in an SQLite file, which may hold many studies. Users write <c>SaveTo</c>.</summary>
/// <remarks>
/// Write-ahead log, one transaction a fact, <c>synchronous=NORMAL</c>: what <see cref="Append"/> has taken survives a crash or kill of the process.
/// When the whole machine loses power the last facts may be lost, never the file or the order: the study then goes on a little earlier.
/// Others may read the file meanwhile (<see cref="StudyFile"/>), and write other studies of it; a second writer of the same study is refused.
/// Thread-safe. Disposing closes the file, which then has no companions; reading it later may leave empty ones (-wal, -shm) that mean nothing.
/// </remarks>
public sealed class SqliteJournal : IJournal
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly string _studyName;
    private readonly SqliteConnection _connection;
    private readonly WriterLock _writerLock;
    private readonly SqliteCommand _insert;
    private long _next;

    /// <summary>Opens the file to write a study of it; the file and its folder are created if they are missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="studyName">The study's name in it.</param>
    /// <exception cref="JournalException">
    /// The file cannot be opened, is no study file or comes from a newer AutoTune; or the study is being written by somebody else.
    /// </exception>
    public SqliteJournal(string path, string studyName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(studyName);
        _path = path;
        _studyName = studyName;
        _connection = StudyDatabase.OpenForWriting(path);
        try
        {
            var study = StudyDatabase.AddStudy(_connection, studyName);
            _writerLock = WriterLock.Take(path, study, studyName);
            _next = StudyDatabase.CountFacts(_connection, studyName); // known for good only under the lock
            _insert = PrepareToWrite(study);
        }
        catch (Exception error)
        {
            _writerLock?.Dispose();
            _connection.Dispose();
            if (error is SqliteException sqlite) throw SqliteProblem.Of(sqlite, path);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Append(StudyEvent studyEvent)
    {
        ArgumentNullException.ThrowIfNull(studyEvent);
        var text = EventWriter.Write(studyEvent);
        lock (_lock)
        {
            if (studyEvent.Sequence != _next) throw DoesNotFollow(studyEvent, null);
            try
            {
                _insert.Parameters[1].Value = studyEvent.Sequence;
                _insert.Parameters[2].Value = EventWriter.KindOf(studyEvent);
                _insert.Parameters[4].Value = text;
                _insert.ExecuteNonQuery();
            }
            catch (SqliteException error) when (error.SqliteErrorCode == SqliteProblem.Constraint)
            {
                throw DoesNotFollow(studyEvent, error);
            }
            catch (SqliteException error)
            {
                throw SqliteProblem.Of(error, _path);
            }

            _next++;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<StudyEvent> Read(long fromSequence = 0)
    {
        // A connection of its own: whoever reads a long journal does not hold up the study that writes it.
        using var connection = StudyDatabase.OpenForReading(_path);
        return StudyDatabase.ReadFacts(connection, _path, _studyName, fromSequence);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _insert.Dispose();
            _connection.Dispose();
            _writerLock.Dispose();
        }
    }

    private SqliteCommand PrepareToWrite(long study)
    {
        var insert = _connection.CreateCommand();
        insert.CommandText = "insert into facts (study, sequence, kind, schema, fact) values ($study, $sequence, $kind, $schema, $fact)";
        insert.Parameters.AddWithValue("$study", study);
        insert.Parameters.Add("$sequence", SqliteType.Integer);
        insert.Parameters.Add("$kind", SqliteType.Text);
        insert.Parameters.AddWithValue("$schema", EventWriter.SchemaVersion);
        insert.Parameters.Add("$fact", SqliteType.Text);
        return insert;
    }

    private JournalException DoesNotFollow(StudyEvent studyEvent, SqliteException? cause) => new(
        $"Fact {studyEvent.Sequence} does not follow fact {StudyDatabase.CountFacts(_connection, _studyName) - 1} of the study '{_studyName}' in '{_path}': "
        + "another writer has been at work on this study; run one at a time.", cause);
}
