namespace AutoTune.Sqlite;

/// <summary>What tests set otherwise.</summary>
/// <param name="BlockLength">How many bytes of facts make a block of the database.</param>
/// <param name="MaxPages">How many pages the database may have: a disk that fills.</param>
/// <param name="Time">The clock.</param>
internal sealed record JournalSettings(int BlockLength = 64 * 1024, long? MaxPages = null, TimeProvider? Time = null)
{
    public TimeProvider Time { get; } = Time ?? TimeProvider.System;
}
