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

    private FactReading(SqliteConnection connection, string path, long study, string studyName, long fromSequence, EventReader? reader = null)
    {
        (_connection, _path, _study, _studyName, _fromSequence) = (connection, path, study, studyName, fromSequence);
        _reader = reader ?? new EventReader($"the study '{studyName}' in '{path}'");
        if (reader is not null) _position = fromSequence;
    }

    /// <summary>The number that the next fact of the database gets; the tail may have some already.</summary>
    public static long NextOf(SqliteConnection connection, long study) => connection.Number(Next, ("$study", study));

    /// <exception cref="JournalException">What is kept cannot be read.</exception>
    public static List<StudyEvent> Read(SqliteConnection connection, string path, string studyName, long fromSequence)
    {
        Bookmark? bookmark = null;
        return Read(connection, path, studyName, fromSequence, ref bookmark);
    }

    /// <param name="connection">The file.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="studyName">The study's name.</param>
    /// <param name="fromSequence">The number of the first fact that is wanted.</param>
    /// <param name="bookmark">Where somebody stopped who wants to go on there, if that is known; then where this reading stopped.</param>
    /// <exception cref="JournalException">What is kept cannot be read.</exception>
    public static List<StudyEvent> Read(SqliteConnection connection, string path, string studyName, long fromSequence, ref Bookmark? bookmark)
    {
        try
        {
            if (StudyTables.VersionOf(connection, path) == 0) return [];
            var study = connection.Number("select id from studies where name = $name", ("$name", studyName));
            var token = StudyTables.VersionOf(connection, path) >= 2 ? TokenOf(connection, study) : null;
            // Of another writer: it may be another file. Then all is read anew.
            var goesOn = bookmark?.Position == fromSequence && token is not null && bookmark.IsOf(study, token);
            var reading = new FactReading(connection, path, study, studyName, fromSequence, goesOn ? bookmark!.Reader : null);
            if (!reading.TryRead(goesOn, isDamaged: false))
            {
                reading = new FactReading(connection, path, study, studyName, fromSequence);
                reading.TryRead(goesOn: false, isDamaged: false);
            }

            bookmark = token is null ? null : new Bookmark(path, study, token, reading._reader, reading._position);
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
            reading.TryRead(goesOn: false, isDamaged: true);
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

    private static byte[]? TokenOf(SqliteConnection connection, long study)
    {
        using var command = connection.Command("select token from writers where study = $study", ("$study", study));
        return command.ExecuteScalar() as byte[];
    }

    /// <returns>Whether what was read before is there still.</returns>
    private bool TryRead(bool goesOn, bool isDamaged)
    {
        if (!goesOn) ReadRows();
        if (StudyTables.VersionOf(_connection, _path) < 2) return true;
        TailFile.TailContent? tail;
        byte[]? token;
        long next;
        do
        {
            ReadBlocks(isDamaged);
            tail = TailFile.Read(_path, _study);
            token = TokenOf(_connection, _study);
            next = isDamaged ? _position : NextOf(_connection, _study);
        }
        while (next > _position);
        if (tail?.IsOf(token) == true) next = ReadTail(tail, next);
        return next >= _position;
    }

    /// <param name="tail">The tail.</param>
    /// <param name="next">The fact that it begins with; those up to the position are known already.</param>
    /// <returns>The fact that it ends before.</returns>
    private long ReadTail(TailFile.TailContent tail, long next)
    {
        ReadOnlySpan<byte> frames;
        while (!(frames = tail.FramesFrom(next)).IsEmpty)
        {
            var known = EventReader.LengthOfFrames(frames, _position - next, out var count);
            next += count;
            var read = next < _position ? 0 : _reader.ReadFrames(frames[known..], Take);
            if (known + read == 0) break;
            if (read > 0) next = _position;
        }

        return next;
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
        var (source, start, order) = isDamaged ? ("blocks not indexed", "$position", "rowid")
            : ("blocks", "coalesce((select first from blocks where study = $study and first <= $position order by first desc limit 1), $position)", "first");
        using var command = _connection.Command($"""
            select first, count, schema, case when first + count > $from or declares then frames end from {source}
            where study = $study and first >= {start} and first + count > $position
            order by {order}
            """, ("$study", _study), ("$position", _position), ("$from", _fromSequence));
        using var rows = command.ExecuteReader();
        var isFirst = true; // which may begin with facts that are known already
        while (rows.Read())
        {
            var (first, end) = (rows.GetInt64(0), rows.GetInt64(0) + rows.GetInt64(1));
            if (first > _position || (first < _position && !isFirst)) throw Damaged($"facts {_position} to {first - 1} are missing");
            isFirst = false;
            if (rows.IsDBNull(3))
            {
                _position = end;
                continue;
            }

            _reader.DemandFrames(rows.GetInt32(2));
            var frames = rows.GetFieldValue<byte[]>(3);
            var known = EventReader.LengthOfFrames(frames, _position - first, out _);
            if (known + _reader.ReadFrames(frames.AsSpan(known), Take) != frames.Length || _position != end) throw Damaged($"fact {_position} has been altered");
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
