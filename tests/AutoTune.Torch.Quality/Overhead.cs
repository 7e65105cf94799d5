using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Quality;

/// <summary>The time of a training within a study against the loop that a person would write without one.</summary>
internal static class Overhead
{
    private const int Epochs = 4;

    public static async Task RunAsync(int repeats)
    {
        set_num_threads(1);
        List<double> bare = [], tuned = [];
        for (var i = 0; i <= repeats; i++)
        {
            // In turn which goes first, and the first pair is warm-up.
            double one, other;
            if (i % 2 == 0) (one, other) = (Bare(), await TunedAsync());
            else
            {
                other = await TunedAsync();
                one = Bare();
            }

            if (i == 0) continue;
            bare.Add(one);
            tuned.Add(other);
        }

        var ratios = bare.Zip(tuned, (b, t) => t / b).Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Epochs} epochs of {SmallImages.Count} images: bare {Median(bare):F3} s, in a study {Median(tuned):F3} s; ratio of pairs: median {ratios[ratios.Count / 2]:F4}, quartiles {ratios[ratios.Count / 4]:F4} to {ratios[ratios.Count * 3 / 4]:F4}; of the fastest {tuned.Min() / bare.Min():F4} ({repeats} pairs, processor time)"));
    }

    private static double Bare()
    {
        var watch = Process.GetCurrentProcess().TotalProcessorTime;
        using var scope = NewDisposeScope();
        using (manual_seed(3)) { }
        var (x, y) = SmallImages.Data();
        using var net = SmallImages.Net();
        using var optimizer = optim.AdamW(net.parameters(), 1e-3);
        var random = new RandomSource(7);
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            net.train();
            SmallImages.ForBatches(x, y, random, (images, classes) =>
            {
                optimizer.zero_grad();
                functional.cross_entropy(net.call(images), classes).backward();
                optimizer.step();
            });
            net.eval();
            using var none = no_grad();
            using var validation = NewDisposeScope();
            _ = functional.cross_entropy(net.call(x), y).item<float>();
        }

        return (Process.GetCurrentProcess().TotalProcessorTime - watch).TotalSeconds;
    }

    private static async Task<double> TunedAsync()
    {
        var space = new SearchSpaceBuilder();
        var rate = space.AddReal("rate", 1e-4, 1e-2, Scale.Log);
        var watch = Process.GetCurrentProcess().TotalProcessorTime;
        await new StudyBuilder("overhead").WithSearchSpace(space).Minimize("loss").UseRandom().ForTrials(1).WithEpochs(Epochs).TuneTorchAsync(trial =>
        {
            var (x, y) = SmallImages.Data();
            var net = trial.Keep("net", SmallImages.Net());
            var optimizer = trial.KeepOptimizer("optimizer", optim.AdamW(net.parameters(), trial.Configuration.Get(rate)));
            var value = 0.0;
            foreach (var epoch in trial.Epochs())
            {
                net.train();
                SmallImages.ForBatches(x, y, trial.Random.Fork("order", epoch), (images, classes) => trial.Descend(functional.cross_entropy(net.call(images), classes), optimizer));
                net.eval();
                using var none = no_grad();
                value = functional.cross_entropy(net.call(x), y).item<float>();
                if (!trial.Report(epoch, value).IsContinue) break;
            }

            return value;
        });
        return (Process.GetCurrentProcess().TotalProcessorTime - watch).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
