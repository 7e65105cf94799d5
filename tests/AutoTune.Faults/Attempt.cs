using System.Diagnostics;
using System.Globalization;

namespace AutoTune.Faults;

/// <summary>One run of a child: what it said, and how it ended.</summary>
/// <param name="Finished">The facts, by number, by which trials ended while the file was kept.</param>
/// <param name="Ended">Why the study ended; null if the process did so before.</param>
/// <param name="Refused">Why the file could not be opened; null if it could.</param>
/// <param name="Warnings">The warnings of the study's result.</param>
/// <param name="WasKilled">Whether the parent killed it.</param>
/// <param name="Time">From its first word to its end.</param>
internal sealed record Attempt(IReadOnlyList<long> Finished, string? Ended, string? Refused, IReadOnlyList<string> Warnings, bool WasKilled, TimeSpan Time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Starts a child and kills it after a time, if it has not ended by then.</summary>
    /// <param name="task">What it is to do.</param>
    /// <param name="killAfter">When, counted from its first word.</param>
    /// <param name="largestFile">How many kilobytes a file of it may have: a disk that is full.</param>
    /// <param name="meanwhile">What is done while it runs.</param>
    /// <param name="longest">How long it may take; null: a minute.</param>
    public static Attempt Run(ChildTask task, TimeSpan? killAfter = null, int? largestFile = null, Action<Process>? meanwhile = null, TimeSpan? longest = null)
    {
        using var process = Process.Start(Start(task, largestFile))!;
        process.ErrorDataReceived += (_, _) => { }; // what a runtime says when it aborts
        process.BeginErrorReadLine();
        if (process.StandardOutput.ReadLine() != Child.Begun) throw new InvalidOperationException("The child did not begin.");
        var begun = Stopwatch.GetTimestamp();
        var output = process.StandardOutput.ReadToEndAsync();
        meanwhile?.Invoke(process);
        var wasKilled = !process.WaitForExit(killAfter ?? longest ?? Longest);
        if (wasKilled)
        {
            process.Kill(); // SIGKILL
            if (killAfter is null) throw new InvalidOperationException($"A child ({task}) did not end in {(longest ?? Longest).TotalSeconds} s.");
        }

        process.WaitForExit();
        var time = Stopwatch.GetElapsedTime(begun);
        var lines = output.GetAwaiter().GetResult().Split('\n');
        if (!output.GetAwaiter().GetResult().EndsWith('\n')) lines[^1] = ""; // cut off by the kill
        var warnings = Rest(lines, "warning").ToList();
        var lostFrom = warnings.Where(warning => warning.StartsWith("The journal could not be written from fact ", StringComparison.Ordinal))
            .Select(warning => long.Parse(warning.Split(' ')[8], CultureInfo.InvariantCulture)).DefaultIfEmpty(long.MaxValue).Min();
        var finished = Rest(lines, Child.Finished).Select(line => long.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture)).Where(fact => fact < lostFrom).ToList();
        return new Attempt(finished, Rest(lines, Child.Ended).FirstOrDefault(), Rest(lines, Child.Refused).FirstOrDefault(), warnings, wasKilled, time);
    }

    private static IEnumerable<string> Rest(string[] lines, string word)
        => lines.Where(line => line.StartsWith(word + " ", StringComparison.Ordinal)).Select(line => line[(word.Length + 1)..].TrimEnd('\r'));

    private static ProcessStartInfo Start(ChildTask task, int? largestFile)
    {
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? ["dotnet", Environment.GetCommandLineArgs()[0]] : [Environment.ProcessPath!];
        string[] command = [.. program, .. task.Arguments];
        // The signal that would end the process is ignored: writing then fails with an error, as on a full disk.
        if (largestFile is { } limit) command = ["sh", "-c", string.Create(CultureInfo.InvariantCulture, $"trap '' XFSZ; ulimit -f {limit * 2}; exec \"$@\""), "sh", .. command];
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        // No dumps of processes that are meant to abort.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        // The runtime maps its code from a large file in memory, to which the limit would apply.
        if (largestFile is not null) start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return start;
    }
}
