using System.Diagnostics;
using System.Globalization;

namespace AutoTune.Faults;

/// <summary>Kills workers of a study at random moments, at work, idle or starting, while the study itself goes on.</summary>
internal sealed class WorkerKillFault(string folder, RandomSource random)
{
    private const int Trials = 400;
    private const int MostKills = 25; // in a study: each costs about the start of a process
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Where a process can be asked for those that it started.</summary>
    public static bool IsPossible => Directory.Exists("/proc/self");

    public FaultRow Run(int kills)
    {
        var (killed, studies, lost, doubled, retried, wrong) = (0, 0, 0, 0, 0, "");
        while (killed < kills)
        {
            var inThis = 0;
            var task = new ChildTask($"killed-workers-{studies}.db", Behaviour.KilledWorkers, Trials, Slots: 2);
            var series = new Series(folder, task);
            var attempt = series.Run(meanwhile: study =>
            {
                while (!study.HasExited && inThis < Math.Min(MostKills, kills - killed))
                {
                    study.WaitForExit((int)(1000 * random.NextDouble()));
                    if (Kill(study, random)) inThis++;
                }
            }, longest: Longest);
            var view = series.View;
            (killed, studies, lost, doubled) = (killed + inThis, studies + 1, lost + series.Lost, doubled + series.Doubled);
            retried += view.Trials.Sum(trial => trial.FailedAttempts.Count);
            // A trial whose worker is gone is evaluated again, and comes to what it would have come to.
            if (attempt.Ended is null) wrong = "FAILED: the study did not end";
            else if (view.CompletedCount != Trials) wrong = $"FAILED: {view.CompletedCount} of {Trials} trials completed";
            else if (view.Trials.FirstOrDefault(trial => trial.Loss != Expected(trial, view.Seed) || trial.Reports.Count != 5) is { } odd) wrong = $"FAILED: {odd.Id} came to {odd.Loss} with {odd.Reports.Count} reports";
            if (wrong.Length > 0) break;
        }

        return new FaultRow(killed, studies, lost, doubled, wrong.Length == 0,
            wrong.Length > 0 ? wrong : FormattableString.Invariant($"every study went on to {Trials} trials, {retried} of them retried, each with the value of an undisturbed one"));
    }

    private static double Expected(Trial trial, long seed)
        => new RandomSource(unchecked((long)new RandomSource(seed).Fork("trial", trial.Id.Number).NextUInt64())).NextDouble();

    /// <summary>Kills one of the processes that a study has started.</summary>
    private static bool Kill(Process study, RandomSource random)
    {
        var workers = ChildrenOf(study.Id);
        if (workers.Count == 0) return false;
        try
        {
            using var worker = Process.GetProcessById(workers[random.NextInt(workers.Count)]);
            worker.Kill();
            return true;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return false; // it has ended by itself
        }
    }

    private static List<int> ChildrenOf(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)) continue;
            try
            {
                // After the name in brackets: state and parent.
                var parts = File.ReadAllText(Path.Combine(folder, "stat")).Split(") ")[^1].Split(' ');
                if (parts[0] != "Z" && int.Parse(parts[1], CultureInfo.InvariantCulture) == parent) children.Add(id);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        children.Sort();
        return children;
    }
}
