using AutoTune.Journals;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>A journal in an SQLite file, which may hold many studies. Users write <c>SaveTo</c>.</summary>
/// <remarks>
/// <para>
/// Facts go to the operating system one by one and into the database in blocks. When <see cref="Append"/> has returned, the fact and all before
/// it survive a crash or kill of the process; reports of running trials do so a fiftieth of a second later, or with the next other fact. What a loss
/// of power takes says the <see cref="Durability"/>; it never takes the file or the order.
/// </para>
/// <para>
/// Others may read the file meanwhile (<see cref="StudyFile"/>), and write other studies of it; a second writer of the same study is refused.
/// While it is written the file has companions that belong to it (-wal, -shm, -tail-N, -writer-N); a process that was killed leaves them,
/// and the next one that opens the file takes in what they hold. Disposing leaves the one file. Thread-safe.
/// </para>
/// </remarks>
public sealed class SqliteJournal : IJournal
{
    /// <summary>How long a report may wait for others to be written with it: a flood of them then costs little.</summary>
    private static readonly TimeSpan ReportDelay = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly string _studyName;
    private readonly Durability _durability;
    private readonly JournalSettings _settings;
    private readonly SqliteConnection _connection;
    private readonly WriterLock _writerLock;
    private readonly BlockWriter _blocks;
    private readonly LogCheckpoints _log;
    private readonly BackgroundThread _thread; // which puts blocks into the database
    private readonly TailFile _tail;
    private readonly ITimer _timer;
    private EventFrameWriter _filling = new(128 * 1024); // the facts of the region that is being filled
    private EventFrameWriter _other = new(128 * 1024); // those that go into the database, or none
    private Task _commit = Task.CompletedTask;
    private long _first; // of the facts that are being filled in
    private long _next;
    private int _written; // how much of what is filled in the tail file has
    private int _region;
    private bool _declares;
    private bool _isTimerSet;
    private bool _isDisposed;
    private JournalException? _failure;

    /// <summary>Opens the file to write a study of it; the file and its folder are created if they are missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="studyName">The study's name in it.</param>
    /// <param name="durability">What is to be survived; the end of the process in any way by default.</param>
    /// <exception cref="JournalException">
    /// The file cannot be opened, is no study file, is damaged or comes from a newer AutoTune; or the study is being written by somebody else.
    /// </exception>
    public SqliteJournal(string path, string studyName, Durability durability = Durability.ProcessCrash) : this(path, studyName, durability, new JournalSettings()) { }

    internal SqliteJournal(string path, string studyName, Durability durability, JournalSettings settings)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(studyName);
        (_path, _studyName, _durability, _settings) = (path, studyName, durability, settings);
        _connection = StudyDatabase.OpenForWriting(path, durability);
        try
        {
            _connection.Execute("pragma wal_autocheckpoint = 0"); // see LogCheckpoints
            if (settings.MaxPages is { } pages) _connection.Execute(FormattableString.Invariant($"pragma max_page_count = {pages}"));
            var study = StudyDatabase.AddStudy(_connection, studyName);
            _writerLock = WriterLock.Take(path, study, studyName, () => StudyWriter.Describe(_connection, study));
            _blocks = new BlockWriter(_connection, path, studyName, study);
            var token = TakeInTail(study);
            _first = _next = FactReading.NextOf(_connection, study); // known for good only under the lock
            _tail = TailFile.Create(path, study, token);
            _log = new LogCheckpoints(path, settings);
            _thread = new BackgroundThread("AutoTune study blocks");
            _timer = settings.Time.CreateTimer(_ => WriteLateReports(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        catch (Exception error)
        {
            _thread?.Dispose();
            _tail?.Dispose();
            _blocks?.Dispose();
            _connection.Dispose();
            _writerLock?.Dispose();
            if (error is SqliteException sqlite) throw FileProblem.Of(sqlite, path);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Append(StudyEvent studyEvent)
    {
        ArgumentNullException.ThrowIfNull(studyEvent);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_failure is not null) throw _failure;
            if (studyEvent.Sequence != _next) throw BlockWriter.DoesNotFollow(studyEvent.Sequence, _next, _studyName, _path, null);
            var length = _filling.Written.Length;
            _filling.Write(studyEvent);
            if (_filling.Written.Length > TailFile.Capacity)
            {
                _filling.CutTo(length);
                AppendBesideTail(studyEvent);
                return;
            }

            var declares = _declares;
            _declares |= studyEvent is StudyCreated or HyperparameterDeclared;
            _next++;
            try
            {
                Hand(studyEvent);
            }
            catch
            {
                // The fact was refused; those before it stand.
                _filling.CutTo(length);
                (_declares, _next, _written) = (declares, _next - 1, Math.Min(_written, length));
                throw;
            }

            // The creation goes into the database at once: whoever looks for studies looks there.
            if (studyEvent.Sequence == 0) Commit();
            // A commit that is under way is not waited for: the region has room.
            else if (_filling.Written.Length >= _settings.BlockLength && _commit.IsCompleted) TryBeginCommit();
        }
    }

    /// <inheritdoc/>
    public IEnumerable<StudyEvent> Read(long fromSequence = 0)
    {
        lock (_lock)
        {
            if (!_isDisposed && _failure is null) WriteTail();
        }

        // A connection of its own: whoever reads a long journal does not hold up the study that writes it.
        using var connection = StudyDatabase.OpenForReading(_path);
        return FactReading.Read(connection, _path, _studyName, fromSequence);
    }

    /// <inheritdoc/>
    /// <remarks>Does not throw: facts that cannot go into the database now stay in the tail file, and go there when the study is opened again.</remarks>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _timer.Dispose();
            var isAllIn = TryCommitAll();
            _thread.Dispose();
            _log.Dispose();
            _tail.Dispose();
            if (isAllIn) File.Delete(TailFile.PathOf(_path, _blocks.Study));
            _blocks.Dispose();
            _connection.Dispose();
            _writerLock.Dispose();
        }
    }

    /// <summary>Takes in what a writer that did not come to its end left, and signs the study as this process's.</summary>
    /// <returns>The token of the new tail file.</returns>
    private byte[] TakeInTail(long study)
    {
        var next = FactReading.NextOf(_connection, study);
        var left = FactReading.Read(_connection, _path, _studyName, next);
        foreach (var fact in left) _filling.Write(fact);
        if (left.Count > 0) _blocks.Write(next, left.Count, left.Any(fact => fact is StudyCreated or HyperparameterDeclared), _filling.Written);
        _filling.Clear();
        // Only then, as it makes the tail that was left void.
        return StudyWriter.Sign(_connection, study, _settings.Time.GetUtcNow());
    }

    /// <summary>Hands a fact to the operating system: at once, or a report soon.</summary>
    private void Hand(StudyEvent studyEvent)
    {
        if (studyEvent is not TrialReported)
        {
            WriteTail();
            // What only begins would begin again after a loss of power.
            if (_durability == Durability.PowerLoss && studyEvent is not (TrialStarted or TrialRestarted)) _tail.FlushToDisk();
        }
        else if (!_isTimerSet)
        {
            _isTimerSet = true;
            _timer.Change(ReportDelay, Timeout.InfiniteTimeSpan);
        }
    }

    private void WriteLateReports()
    {
        lock (_lock)
        {
            _isTimerSet = false;
            if (_isDisposed || _failure is not null) return;
            try
            {
                WriteTail();
            }
            catch (JournalException error)
            {
                _failure = error; // told at the next fact
            }
        }
    }

    private void WriteTail()
    {
        var frames = _filling.Written[_written..];
        if (frames.IsEmpty) return;
        _tail.Write(_region, _first, _written, frames);
        _written += frames.Length;
    }

    /// <summary>A fact that the tail has no room for goes into the database by itself, after those before it.</summary>
    private void AppendBesideTail(StudyEvent studyEvent)
    {
        Commit();
        _filling.Write(studyEvent);
        try
        {
            if (_filling.Written.Length > TailFile.Capacity)
            {
                _blocks.Write(_next, 1, studyEvent is StudyCreated or HyperparameterDeclared, _filling.Written);
                _log.Add(_filling.Written.Length);
                _filling.Clear();
                _first = ++_next;
                MarkRegion();
                return;
            }
        }
        catch (SqliteException error)
        {
            _filling.Clear();
            throw FileProblem.Of(error, _path);
        }

        _filling.Clear();
        Append(studyEvent);
    }

    /// <summary>Says in the tail file which fact comes next: who follows it shall see that there was one beside it.</summary>
    private void MarkRegion()
    {
        try
        {
            _tail.Write(_region, _first, 0, []);
        }
        catch (JournalException error)
        {
            _failure = error; // the fact is kept; told at the next
        }
    }

    /// <summary>Puts what there is into the database, in another thread, and goes on with the other region.</summary>
    private void BeginCommit()
    {
        AwaitCommit();
        WriteTail();
        var (first, count, declares, frames) = (_first, _next - _first, _declares, _filling);
        if (count == 0) return;
        (_filling, _other) = (_other, frames);
        _filling.Clear();
        (_first, _written, _region, _declares) = (_next, 0, 1 - _region, false);
        _commit = _thread.Run(() =>
        {
            _blocks.Write(first, count, declares, frames.Written);
            _log.Add(frames.Written.Length);
        });
    }

    /// <summary>This fact is kept already: what goes wrong here is told at the next.</summary>
    private void TryBeginCommit()
    {
        try
        {
            BeginCommit();
        }
        catch (JournalException error)
        {
            _failure = error;
        }
    }

    private void Commit()
    {
        BeginCommit();
        AwaitCommit();
    }

    private void AwaitCommit()
    {
        try
        {
            _commit.GetAwaiter().GetResult();
        }
        catch (SqliteException error)
        {
            throw _failure = FileProblem.Of(error, _path);
        }
        catch (JournalException error)
        {
            throw _failure = error;
        }
    }

    private bool TryCommitAll()
    {
        try
        {
            // First of all to where there may be room: the database's disk is full sooner than the tail's region.
            WriteTail();
            AwaitCommit();
            if (_failure is not null) return false;
            Commit();
            return true;
        }
        catch (JournalException)
        {
            return false;
        }
        finally
        {
            Task.WaitAny([_commit]); // whatever became of it: it has the connection
        }
    }
}
