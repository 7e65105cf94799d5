using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>Who writes a study, or did last.</summary>
internal static class StudyWriter
{
    /// <summary>Enters this process as the writer.</summary>
    /// <returns>A token that no other writer has.</returns>
    public static byte[] Sign(SqliteConnection connection, long study, DateTimeOffset now)
    {
        var token = RandomNumberGenerator.GetBytes(TailFile.TokenLength);
        connection.Execute(
            "insert or replace into writers (study, token, process, program, machine, since) values ($study, $token, $process, $program, $machine, $since)",
            ("$study", study), ("$token", token), ("$process", Environment.ProcessId), ("$program", Path.GetFileName(Environment.ProcessPath) ?? ""),
            ("$machine", Environment.MachineName), ("$since", now.ToString("u", CultureInfo.InvariantCulture)));
        return token;
    }

    /// <summary>Who it is, for a message.</summary>
    public static string Describe(SqliteConnection connection, long study)
    {
        using var command = connection.Command("select process, program, machine, since from writers where study = $study", ("$study", study));
        using var rows = command.ExecuteReader();
        if (!rows.Read()) return "another process";
        var who = rows.GetInt64(0) == Environment.ProcessId && rows.GetString(2) == Environment.MachineName ? "another journal of this process" : $"process {rows.GetInt64(0)} ({rows.GetString(1)})";
        return $"{who} on machine {rows.GetString(2)} since {rows.GetString(3)}";
    }
}
