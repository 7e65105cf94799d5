using AutoTune.Journals;
using AutoTune.Testing;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite.Tests;

/// <summary>The write-ahead log of a study that is written without end: how long it becomes, with and without those who read.</summary>
[TestClass]
public sealed class LogLengthTests : IDisposable
{
    private const long LogLength = 200_000;
    private readonly TemporaryFolder _folder = new();
    private long _next;

    private long Log => new FileInfo(_folder["study.db-wal"]).Length;

    [TestMethod]
    public void Append_TenTimesTheLogsLength_LogStaysBounded()
    {
        using var journal = Open();
        var longest = 0L;
        for (var i = 0; i < 100; i++)
        {
            AppendBytes(journal, LogLength / 10);
            longest = Math.Max(longest, Log);
        }

        Assert.IsGreaterThan(10 * LogLength, new FileInfo(_folder["study.db"]).Length + longest);
        Assert.IsLessThanOrEqualTo(20 * LogLength, longest); // what the disk may be behind at most, 16, and a little
    }

    [TestMethod]
    public void Append_AReaderKeepsATransactionOpen_LogGrowsUntilItsEndAndBeginsAnewThen()
    {
        using var journal = Open();
        AppendBytes(journal, LogLength);
        using (var reader = new SqliteConnection($"Data Source={_folder["study.db"]};Mode=ReadOnly;Pooling=False"))
        {
            reader.Open();
            using var transaction = reader.BeginTransaction(deferred: true);
            reader.Number("select count(*) from blocks");
            AppendBytes(journal, 40 * LogLength);
            Assert.IsGreaterThan(35 * LogLength, Log);
        }

        // No wait for what happens in the background: it must happen while no more than this is written.
        for (var i = 0; i < 300 && Log > 20 * LogLength; i++) AppendBytes(journal, LogLength);
        Assert.IsLessThanOrEqualTo(20 * LogLength, Log);
        Assert.HasCount((int)_next, journal.Read());
    }

    [TestMethod]
    public async Task Append_ThereIsAlwaysSomebodyWhoReads_LogStaysBounded()
    {
        using var journal = Open();
        AppendBytes(journal, LogLength / 10);
        using var ended = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ReadAgainAndAgain(ended.Token))).ToList();
        var longest = 0L;
        for (var i = 0; i < 400; i++)
        {
            AppendBytes(journal, LogLength / 10);
            longest = Math.Max(longest, Log);
        }

        await ended.CancelAsync();
        await Task.WhenAll(readers);
        Assert.IsLessThanOrEqualTo(20 * LogLength, longest); // half of what was written
        Assert.HasCount((int)_next, journal.Read());
    }

    public void Dispose() => _folder.Dispose();

    private SqliteJournal Open()
    {
        var journal = new SqliteJournal(_folder["study.db"], "x", Durability.ProcessCrash, new JournalSettings(BlockLength: 10_000, LogLength: LogLength));
        foreach (var fact in ExampleJournal.Facts("x").Take(2)) journal.Append(fact);
        _next = 2;
        return journal;
    }

    private void ReadAgainAndAgain(CancellationToken ended)
    {
        using var reader = StudyDatabase.OpenForReading(_folder["study.db"]);
        while (!ended.IsCancellationRequested) reader.Number("select sum(length(frames)) from blocks");
    }

    private void AppendBytes(SqliteJournal journal, long bytes)
    {
        const int length = 1_000;
        var reason = new string('x', length);
        for (var written = 0L; written < bytes; written += length) journal.Append(new TrialInterrupted(new TrialId(0), reason) { Sequence = _next++ });
    }
}
