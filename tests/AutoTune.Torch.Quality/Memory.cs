using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Quality;

/// <summary>Live tensors and resident memory over a study of many trials.</summary>
internal static class Memory
{
    public static async Task RunAsync(int trials)
    {
        var space = new SearchSpaceBuilder();
        var rate = space.AddReal("rate", 1e-4, 1e-2, Scale.Log);
        var seen = 0;
        var folder = Directory.CreateTempSubdirectory("autotune-memory").FullName;
        await new StudyBuilder("memory").WithSearchSpace(space).Minimize("loss").UseRandom().ForTrials(trials).WithEpochs(1).SaveArtifactsIn(folder).KeepArtifactsOfBest(1).TuneTorchAsync(trial =>
        {
            if (seen++ % (trials / 10) == 0 || seen == trials)
            {
                using var process = Process.GetCurrentProcess();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"before trial {trial.Id.Number,3}: {DisposeScopeManager.Statistics.ThreadTotalLiveCount} live tensors, {process.WorkingSet64 / 1048576.0:F0} MiB resident"));
            }

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
        });
        Directory.Delete(folder, recursive: true);
    }
}
