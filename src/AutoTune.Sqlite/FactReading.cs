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
    private readonly long _study;
    private readonly long _fromSequence;
    private long _position; // the number of the next fact to be read
    private string? _damage;

    private FactReading(SqliteConnection connection, string path, long study, string studyName, long fromSequence)
    {
        (_connection, _path, _study, _studyName, _fromSequence) = (connection, path, study, studyName, fromSequence);
        _reader = new EventReader($"the study '{studyName}' in '{path}'");
    }

    /// <summary>The number that the next fact of the database gets; the tail may have some already.</summary>
    public static long NextOf(SqliteConnection connection, long study) => connection.Number(Next, ("$study", study));

    /// <exception cref="JournalException">What is kept cannot be read.</exception>
    public static List<StudyEvent> Read(SqliteConnection connection, string path, string studyName, long fromSequence)
    {
        try
        {
            var study = connection.Number("select id from studies where name = $name", ("$name", studyName));
            var reading = new FactReading(connection, path, study, studyName, fromSequence);
            reading.Read(isDamaged: false);
            return reading._facts;
        }
        catch (SqliteException error)
        {
            throw FileProblem.Of(error, path);
        }
    }

    /// <summary>The facts up to the first that is damaged.</summary>
    /// <param name="connection">The file.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="study">The study's number.</param>
    /// <param name="studyName">Its name.</param>
    /// <param name="damage">What is the matter with that one; empty if all are whole.</param>
    public static List<StudyEvent> ReadUpToDamage(SqliteConnection connection, string path, long study, string studyName, out string damage)
    {
        var reading = new FactReading(connection, path, study, studyName, 0);
        try
        {
            reading.Read(isDamaged: true);
            damage = "";
        }
        catch (SqliteException error)
        {
            damage = FormattableString.Invariant($"fact {reading._position} cannot be read ({error.Message.TrimEnd('.')})");
        }
        catch (JournalException error)
        {
            damage = reading._damage ?? error.Message.TrimEnd('.');
        }

        return reading._facts;
    }

    private void Read(bool isDamaged)
    {
        ReadRows();
        if (StudyTables.VersionOf(_connection, _path) < 2) return;
        TailFile.TailContent? tail;
        byte[]? token;
        do
        {
            ReadBlocks(isDamaged);
            tail = TailFile.Read(_path, _study);
            using var command = _connection.Command("select token from writers where study = $study", ("$study", _study));
            token = command.ExecuteScalar() as byte[];
        }
        while (!isDamaged && NextOf(_connection, _study) > _position);
        if (tail?.IsOf(token) != true) return;
        ReadOnlySpan<byte> frames;
        while (!(frames = tail.FramesFrom(_position)).IsEmpty && _reader.ReadFrames(frames, Take) > 0) { }
    }

    private void ReadRows()
    {
        // The facts that make up the space are needed to read any other.
        using var command = _connection.Command("""
            select sequence, schema, fact from facts
            where study = $study and (sequence >= $from or kind in ('study-created', 'hyperparameter-declared'))
            order by sequence
            """, ("$study", _study), ("$from", _fromSequence));
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            _reader.DemandVersion(rows.GetInt32(1));
            _position = rows.GetInt64(0);
            Take(_reader.Read(rows.GetString(2)));
        }

        _position = _connection.Number("select sequence + 1 from facts where study = $study order by sequence desc limit 1", ("$study", _study));
    }

    private void ReadBlocks(bool isDamaged)
    {
        // Where something is damaged it may be the index; blocks were written in their order.
        var (source, order) = isDamaged ? ("blocks not indexed", "rowid") : ("blocks", "first");
        using var command = _connection.Command($"""
            select first, count, schema, case when first + count > $from or declares then frames end from {source}
            where study = $study and first >= $position
            order by {order}
            """, ("$study", _study), ("$position", _position), ("$from", _fromSequence));
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

    private JournalException Damaged(FormattableString what)
    {
        _damage = FormattableString.Invariant(what);
        return new JournalException(FileProblem.Damaged(_path, $"study '{_studyName}': {_damage}"));
    }
}
