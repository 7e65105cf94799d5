using AutoTune.Journals;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>Reads the facts of a study: those that version 1 kept a row each, then the blocks, then the tail file.</summary>
/// <remarks>
/// All of it while others write. A writer moves facts from the tail into a block, then overwrites the tail; so whoever has read the blocks, then
/// the tail, and then finds no new block has seen each fact in one or the other place.
/// </remarks>
internal sealed class FactReading
{
    private const string Next = """
        select coalesce(
            (select first + count from blocks where study = $study order by first desc limit 1),
            (select sequence + 1 from facts where study = $study order by sequence desc limit 1),
            0)
        """;

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly string _studyName;
    private readonly EventReader _reader;
    private readonly List<StudyEvent> _facts = [];
    private readonly long _fromSequence;
    private long _position; // the number of the next fact to be read

    private FactReading(SqliteConnection connection, string path, string studyName, long fromSequence)
    {
        (_connection, _path, _studyName, _fromSequence) = (connection, path, studyName, fromSequence);
        _reader = new EventReader($"the study '{studyName}' in '{path}'");
    }

    /// <summary>The number that the next fact of the database gets; the tail may have some already.</summary>
    public static long NextOf(SqliteConnection connection, long study) => connection.Number(Next, ("$study", study));

    /// <exception cref="JournalException">What is kept cannot be read.</exception>
    public static List<StudyEvent> Read(SqliteConnection connection, string path, string studyName, long fromSequence)
    {
        try
        {
            var reading = new FactReading(connection, path, studyName, fromSequence);
            reading.Read();
            return reading._facts;
        }
        catch (SqliteException error)
        {
            throw FileProblem.Of(error, path);
        }
    }

    private void Read()
    {
        var study = _connection.Number("select id from studies where name = $name", ("$name", _studyName));
        ReadRows(study);
        if (StudyTables.VersionOf(_connection, _path) < 2) return;
        TailFile.TailContent? tail;
        byte[]? token;
        do
        {
            ReadBlocks(study);
            tail = TailFile.Read(_path, study);
            using var command = _connection.Command("select token from writers where study = $study", ("$study", study));
            token = command.ExecuteScalar() as byte[];
        }
        while (NextOf(_connection, study) > _position);
        if (tail?.IsOf(token) != true) return;
        ReadOnlySpan<byte> frames;
        while (!(frames = tail.FramesFrom(_position)).IsEmpty && _reader.ReadFrames(frames, Take) > 0) { }
    }

    private void ReadRows(long study)
    {
        // The facts that make up the space are needed to read any other.
        using var command = _connection.Command("""
            select sequence, schema, fact from facts
            where study = $study and (sequence >= $from or kind in ('study-created', 'hyperparameter-declared'))
            order by sequence
            """, ("$study", study), ("$from", _fromSequence));
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            _reader.DemandVersion(rows.GetInt32(1));
            _position = rows.GetInt64(0);
            Take(_reader.Read(rows.GetString(2)));
        }

        _position = _connection.Number("select sequence + 1 from facts where study = $study order by sequence desc limit 1", ("$study", study));
    }

    private void ReadBlocks(long study)
    {
        using var command = _connection.Command("""
            select first, count, schema, case when first + count > $from or declares then frames end from blocks
            where study = $study and first >= $position
            order by first
            """, ("$study", study), ("$position", _position), ("$from", _fromSequence));
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var (first, end) = (rows.GetInt64(0), rows.GetInt64(0) + rows.GetInt64(1));
            if (first != _position) throw Damaged($"facts {_position} to {first - 1} are missing");
            if (rows.IsDBNull(3))
            {
                _position = end;
                continue;
            }

            _reader.DemandFrames(rows.GetInt32(2));
            var frames = rows.GetFieldValue<byte[]>(3);
            if (_reader.ReadFrames(frames, Take) != frames.Length || _position != end) throw Damaged($"fact {_position} has been altered");
        }
    }

    private void Take(StudyEvent fact)
    {
        if (fact.Sequence != _position) throw Damaged($"fact {fact.Sequence} is in the place of fact {_position}");
        _position++;
        if (fact.Sequence >= _fromSequence) _facts.Add(fact);
    }

    private JournalException Damaged(FormattableString what) => new(FileProblem.Damaged(_path, $"study '{_studyName}': {FormattableString.Invariant(what)}"));
}
