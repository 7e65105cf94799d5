using System.Globalization;
using AutoTune.Execution;

namespace AutoTune.Benchmarks.Workers;

/// <summary>What a worker process costs a trial: the way there and back with an objective that does nothing, and the time until a dead one has been replaced.</summary>
internal static class RoundTrips
{
    private const int Trials = 5_000;
    private const int Deaths = 20;

    public static async Task RunAsync(TextWriter output)
    {
        // A worker comes by both studies: what the objective does in the second is to end the process at every other attempt.
        var space = new SearchSpaceBuilder();
        space.AddReal("x", 0, 1);
        var trips = await Study("round trips", space, Trials).RunAsync(trial => 0);
        var deaths = await Study("deaths", space, Deaths).RunAsync(trial =>
        {
            var mark = Path.Combine(trial.ArtifactDirectory, "attempted");
            if (File.Exists(mark)) return 0;
            File.WriteAllText(mark, "");
            Environment.Exit(3);
            return 0;
        });
        await output.WriteLineAsync($"round trip, empty objective: {Text(trips.View, 20)} ({Trials - 20} trials, after 20 to begin with)");
        await output.WriteLineAsync($"dead worker replaced and its trial done: {Text(deaths.View, 0)} ({deaths.View.Trials.Count(trial => trial.FailedAttempts.Count == 1)} of {Deaths} trials ended their worker once)");
    }

    private static StudyBuilder Study(string name, SearchSpaceBuilder space, int trials)
        => new StudyBuilder(name).WithSearchSpace(space).Minimize("loss").UseRandom().ForTrials(trials).InWorkerProcesses(1, new WorkerOptions { RunInProcess = false });

    private static string Text(StudyView study, int skipped)
    {
        var times = study.Trials.Skip(skipped).Select(trial => trial.Duration!.Value.TotalMilliseconds).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"median {times[times.Count / 2]:F3} ms, 95 % {times[times.Count * 95 / 100]:F3}, longest {times[^1]:F1}");
    }
}
