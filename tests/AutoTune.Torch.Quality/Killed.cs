using System.Diagnostics;
using System.Globalization;
using AutoTune.Scheduling;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Quality;

/// <summary>Kills a study of trainings at random moments until it is done, and compares it with one that nobody killed.</summary>
internal static class Killed
{
    private const int Epochs = 9;
    private const int Trials = 12;

    public static async Task RunAsync(string[] arguments)
    {
        if (arguments is ["study", var file, var count])
        {
            await StudyAsync(file, int.Parse(count, CultureInfo.InvariantCulture));
            return;
        }

        foreach (var workers in (int[])[0, 2])
        {
            var folder = Directory.CreateTempSubdirectory("autotune-kill").FullName;
            var whole = Path.Combine(folder, "whole.db");
            var killed = Path.Combine(folder, "killed.db");
            Run(whole, workers, lines: null);
            var random = new RandomSource(11);
            var kills = 0;
            while (!Run(killed, workers, lines: (workers == 0 ? 3 : 14) + random.NextInt(10))) kills++; // what is reported once more after a kill counts, too
            var (one, other) = (Trainings(whole), Trainings(killed));
            var differing = one.Keys.Union(other.Keys).Count(key => one.TryGetValue(key, out var a) != other.TryGetValue(key, out var b) || a != b);
            Console.WriteLine($"{(workers == 0 ? "in process" : $"{workers} worker processes")}: {kills} kills, {other.Count} reports of {Trials} trials; {differing} reports differ from the study that was not killed");
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task StudyAsync(string file, int workers)
    {
        var space = new SearchSpaceBuilder();
        var rate = space.AddReal("rate", 1e-4, 1e-2, Scale.Log);
        // Without workers trials are paused and promoted; with them, whose order varies, each configuration is trained whole.
        var study = new StudyBuilder("killed").WithSearchSpace(space).Minimize("loss").UseRandom().ForTrials(Trials).WithEpochs(Epochs).WithSlots(Math.Max(workers, 1)).RetryFailures(50).SaveTo(file).Observe(new SaysReports());
        if (workers == 0) study.UseAsha(new AshaOptions { MaxBudget = Epochs, Form = AshaForm.Promotion });
        await study.TuneTorchAsync(trial =>
        {
            var (x, y) = SmallImages.Data();
            var net = trial.Keep("net", SmallImages.Net());
            var optimizer = trial.KeepOptimizer("optimizer", optim.AdamW(net.parameters(), trial.Configuration.Get(rate)));
            var value = 0.0;
            foreach (var epoch in trial.Epochs())
            {
                SmallImages.ForBatches(x, y, trial.Random.Fork("order", epoch), (images, classes) => trial.Descend(functional.cross_entropy(net.call(images), classes), optimizer));
                value = trial.TrainingLoss ?? 0;
                if (!trial.Report(epoch, value).IsContinue) break;
            }

            return value;
        }, new AutoTune.Torch.TorchOptions { CheckpointEvery = TimeSpan.FromMilliseconds(1) });
    }

    private sealed class SaysReports : IStudyObserver
    {
        public void OnEvent(StudyEvent studyEvent, StudyView study)
        {
            if (studyEvent is TrialReported) Console.WriteLine("epoch");
        }
    }

    /// <summary>Runs the study, and kills it when it has trained some epochs, somewhere in the next.</summary>
    /// <returns>Whether it came to its end.</returns>
    private static bool Run(string file, int workers, int? lines)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["kill", "study", file, workers.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var isKilled = false;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (!line.StartsWith("epoch", StringComparison.Ordinal) || --lines != 0) continue;
            process.Kill();
            isKilled = true;
            break;
        }

        process.WaitForExit();
        if (!isKilled && process.ExitCode != 0) throw new InvalidOperationException($"The study ended by itself with {process.ExitCode}.");
        return !isKilled;
    }

    private static Dictionary<(int Trial, int Step), double> Trainings(string file)
    {
        return StudyFile.Open(file).Read("killed").Trials.SelectMany(trial => trial.Reports).ToDictionary(report => (report.Trial.Number, report.Step), report => report.Loss);
    }
}
