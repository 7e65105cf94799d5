using AutoTune.Journals;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>
/// Moves what the database's write-ahead log holds into the database whenever some megabytes have come together, by a thread and a connection of its
/// own: SQLite itself would do it within a commit, which then waits for the disk.
/// </summary>
/// <remarks>
/// The log begins anew when all of it is in the database and nobody reads from it. Where readers follow so closely upon one another that this never
/// happens, or the writer upon itself, it grows; when it is twice as long as it should be, new readers are made to read from the database alone and the last of the others is
/// waited for. Only somebody who keeps one transaction open can make it longer, and only while that lasts.
/// </remarks>
internal sealed class LogCheckpoints(string path, JournalSettings settings) : IDisposable
{
    // How long the log may become beyond what it should be, before others wait.
    private const int Crowded = 2, Overfull = 16;

    // How long commits may have to wait for a reader's end: no longer than the tail file has room for what a study of short trials appends meanwhile.
    private const int ReadersTime = 50;
    private const int PageLength = 4096, FrameLength = PageLength + 24;

    private BackgroundThread? _thread;
    private SqliteConnection? _connection;
    private Task _running = Task.CompletedTask;
    private long _since; // bytes since the last one began
    private long _patience = Crowded * settings.LogLength;

    /// <summary>For whoever commits: so many bytes are in the log.</summary>
    public void Add(int bytes)
    {
        _since += bytes + 3 * PageLength; // pages that are not full, and the index
        if (_since < settings.LogLength) return;
        if (!_running.IsCompleted)
        {
            if (_since < Overfull * settings.LogLength) return;
            _running.Wait();
        }

        _since = 0;
        _thread ??= new BackgroundThread("AutoTune study log");
        _running = _thread.Run(Move);
    }

    public void Dispose()
    {
        _thread?.Dispose();
        _connection?.Dispose();
    }

    private void Move()
    {
        try
        {
            _connection ??= StudyDatabase.OpenBesideAWriter(path, ReadersTime);
            if (Move("passive") is var (_, length) && length < _patience) return;
            (var isComplete, length) = Move(length < Overfull * settings.LogLength ? "restart" : "truncate");
            // Somebody reads for a long time, and commits have waited for it: not again so soon.
            _patience = isComplete ? Crowded * settings.LogLength : 2 * length;
        }
        catch (Exception error) when (error is SqliteException or JournalException)
        {
            // The log keeps all of it; the next time, or whoever closes the file last, moves it.
        }
    }

    private (bool IsComplete, long Length) Move(string mode)
    {
        using var command = _connection!.Command($"pragma wal_checkpoint({mode})");
        using var rows = command.ExecuteReader();
        return rows.Read() ? (rows.GetInt64(0) == 0, rows.GetInt64(1) * FrameLength) : (false, 0);
    }
}
