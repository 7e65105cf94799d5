using AutoTune.Journals;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>A journal in an SQLite file, which may hold many studies. Users write <c>SaveTo</c>.</summary>
/// <remarks>
/// Write-ahead log, one transaction a fact, <c>synchronous=NORMAL</c>: what <see cref="Append"/> has taken survives a crash or kill of the process.
/// When the whole machine loses power the last facts may be lost, never the file or the order: the study then goes on a little earlier.
/// Other processes may read the file meanwhile, and write other studies of it; a second writer of the same study is refused.
/// Thread-safe. Disposing closes the file; it then is one file without companions.
/// </remarks>
public sealed class SqliteJournal : IJournal
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly string _studyName;
    private readonly SqliteConnection _connection;
    private SqliteCommand? _insert; // prepared by the first append, null before
    private WriterLock? _writerLock;
    private long _next;

    /// <summary>Opens the file, creating it and its folder if they are missing; nothing is written for the study until its first fact.</summary>
    /// <param name="path">The file.</param>
    /// <param name="studyName">The study's name in it.</param>
    /// <exception cref="JournalException">The file cannot be opened, is no study file or comes from a newer AutoTune.</exception>
    public SqliteJournal(string path, string studyName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(studyName);
        _path = path;
        _studyName = studyName;
        _connection = StudyDatabase.OpenForWriting(path);
        try
        {
            _next = StudyDatabase.CountFacts(_connection, studyName);
        }
        catch (SqliteException error)
        {
            _connection.Dispose();
            throw SqliteProblem.Of(error, path);
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
                var insert = _insert ??= PrepareToWrite();
                insert.Parameters[1].Value = studyEvent.Sequence;
                insert.Parameters[2].Value = EventWriter.KindOf(studyEvent);
                insert.Parameters[4].Value = text;
                insert.ExecuteNonQuery();
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
            _insert?.Dispose();
            _connection.Dispose();
            _writerLock?.Dispose();
        }
    }

    private SqliteCommand PrepareToWrite()
    {
        var study = StudyDatabase.AddStudy(_connection, _studyName);
        _writerLock ??= WriterLock.Take(_path, study, _studyName);
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
