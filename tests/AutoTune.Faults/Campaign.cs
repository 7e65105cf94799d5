using System.Diagnostics;

namespace AutoTune.Faults;

/// <summary>All faults, one after another, and a table of what became of the studies.</summary>
internal static class Campaign
{
    private const int Trials = 30;

    /// <returns>Whether every study came through.</returns>
    public static bool Run(int kills, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("autotune-faults-").FullName;
        try
        {
            output.WriteLine("| fault | times | studies | lost | doubled | outcome | s |");
            output.WriteLine("|---|---:|---:|---:|---:|---|---:|");
            var allPassed = true;
            foreach (var (fault, run) in Faults(folder, kills))
            {
                var start = Stopwatch.GetTimestamp();
                var row = Try(run);
                output.WriteLine(FormattableString.Invariant(
                    $"| {fault} | {row.Times} | {row.Studies} | {row.Lost} | {row.Doubled} | {row.Outcome} | {Stopwatch.GetElapsedTime(start).TotalSeconds:f1} |"));
                output.Flush();
                allPassed &= row.Passed;
            }

            return allPassed;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<(string Fault, Func<FaultRow> Run)> Faults(string folder, int kills)
    {
        var random = new RandomSource(1);
        KillFault Kill(string name, Behaviour behaviour, int slots = 1) => new(folder, name, behaviour, Trials, slots, random.Fork(name));
        yield return ("SIGKILL at a random moment, one slot", () => Kill("plain", Behaviour.Plain).Run(kills * 2 / 5));
        yield return ("SIGKILL, two slots", () => Kill("two", Behaviour.Plain, slots: 2).Run(kills / 5));
        yield return ("SIGKILL, Durability.PowerLoss", () => Kill("confirmed", Behaviour.Confirmed).Run(kills / 10));
        yield return ("SIGKILL, space declared in the objective", () => Kill("declared", Behaviour.Declared).Run(kills / 10));
        yield return ("SIGKILL, two worker processes", () => Kill("workers", Behaviour.Workers, slots: 2).Run(kills / 10));
        yield return ("SIGKILL, trials that pause and go on from checkpoints", () => Kill("pausing", Behaviour.Pausing).Run(kills - kills * 2 / 5 - kills / 5 - 3 * (kills / 10)));
        if (WorkerKillFault.IsPossible) yield return ("SIGKILL of a worker at a random moment, its study goes on", () => new WorkerKillFault(folder, random.Fork("worker")).Run(Math.Max(1, kills / 5)));

        var faults = new ObjectiveFaults(folder);
        yield return ("objective ends the process (trial 3, each time)", () => faults.EndsTheProcess(Behaviour.Exits));
        yield return ("objective aborts the process (trial 3, each time)", () => faults.EndsTheProcess(Behaviour.Aborts));
        yield return ("objective ends its worker (trial 3, each time)", () => faults.EndsItsWorker(Behaviour.ExitsWorker, attempts: 3));
        yield return ("objective aborts its worker (trial 3, each time)", () => faults.EndsItsWorker(Behaviour.AbortsWorker, attempts: 3));
        yield return ("objective hangs in a worker with a time limit", () => faults.EndsItsWorker(Behaviour.Hangs, attempts: 1));
        yield return ("objective allocates without end in a worker with a memory limit", () => faults.EndsItsWorker(Behaviour.Allocates, attempts: 2));
        yield return ("objective throws (every third trial)", () => faults.Fails(Behaviour.Throws, Trials));
        yield return ("objective returns NaN (every third trial)", () => faults.Fails(Behaviour.NotANumber, Trials));
        yield return ("objective reports 100,000 times a trial", () => faults.Floods(3));

        var files = new FileFaults(folder);
        if (!OperatingSystem.IsWindows()) yield return ("file cannot grow, then by twice as much", files.DiskIsFull);
    }

    private static FaultRow Try(Func<FaultRow> run)
    {
        try
        {
            return run();
        }
        catch (Exception error)
        {
            return new FaultRow(0, 0, 0, 0, false, $"FAILED: {error.Message}");
        }
    }
}

/// <summary>What became of the studies that met a fault.</summary>
internal sealed record FaultRow(int Times, int Studies, int Lost, int Doubled, bool Ended, string Outcome)
{
    public bool Passed => Ended && Lost == 0 && Doubled == 0;
}
