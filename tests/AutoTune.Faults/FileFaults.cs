namespace AutoTune.Faults;

/// <summary>Files that cannot be written.</summary>
internal sealed class FileFaults(string folder)
{
    /// <summary>A limit on the length of files, doubled for each run: until it suffices, each run must end with an error that says so.</summary>
    public FaultRow DiskIsFull()
    {
        const int Trials = 3_000;
        var series = new Series(folder, new ChildTask("full.db", Behaviour.Quick, Trials));
        var (times, wrong) = (0, "");
        for (var kilobytes = 16; ; kilobytes *= 2)
        {
            var attempt = series.Run(largestFile: kilobytes);
            if (attempt is { Ended: not null, Warnings.Count: 0 }) break;
            times++;
            var said = attempt.Refused ?? attempt.Ended ?? "nothing: its process ended";
            // SQLite tells a file that may not grow from a disk that is full.
            if (!said.Contains("is full; free some space and run again", StringComparison.Ordinal) && !said.Contains("; check the disk and", StringComparison.Ordinal)) wrong = $"; at {kilobytes} KB it said: {said}";
        }

        var hasEnded = wrong.Length == 0 && series.View.CompletedCount == Trials;
        return new FaultRow(times, 1, series.Lost, series.Doubled, hasEnded, hasEnded ? "each run ended with a message, the last one with all trials" : $"FAILED{wrong}");
    }
}
