namespace AutoTune.Sqlite;

/// <summary>What tests set otherwise.</summary>
/// <param name="BlockLength">How many bytes of facts make a block of the database.</param>
/// <param name="MaxPages">How many pages the database may have: a disk that fills.</param>
/// <param name="Time">The clock.</param>
/// <param name="LogLength">How many bytes of the database's log are moved into the database at a time.</param>
internal sealed record JournalSettings(int BlockLength = 64 * 1024, long? MaxPages = null, TimeProvider? Time = null, long LogLength = 4 * 1024 * 1024)
{
    public TimeProvider Time { get; } = Time ?? TimeProvider.System;
}
