using System.Globalization;
using AutoTune.Torch.Compression;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Quality;

/// <summary>
/// A pruned and distilled network under limits of size and latency: Fashion-MNIST, 8,000 images to train, 2,000 to choose by, 10,000 to tell the accuracy. Widths, distillation,
/// learning rate and schedule are searched; both limits are half of the teacher's. Latencies are of 32 images on one thread, measured in turns.
/// </summary>
internal static class SmallNetwork
{
    private const int Epochs = 6;
    private const int Batch = 100;

    public static async Task RunAsync(int trials)
    {
        set_num_threads(1);
        using (manual_seed(1)) { }
        var (images, labels) = FashionMnist.Load("train");
        var (unseen, truth) = FashionMnist.Load("t10k");
        var (x, y, held, heldLabels) = (images.narrow(0, 0, 8000), labels.narrow(0, 0, 8000), images.narrow(0, 8000, 2000), labels.narrow(0, 8000, 2000));
        var batches = (int)(x.shape[0] / Batch);
        var teacher = Net(24, 48, 64);
        using (var optimizer = optim.AdamW(teacher.parameters(), 3e-3))
        {
            var schedule = LearningRateSchedule.Cosine(Epochs * batches);
            for (var step = 0; step < Epochs * batches; step++)
            {
                using var scope = NewDisposeScope();
                var rows = randint(0, x.shape[0], Batch, dtype: ScalarType.Int64);
                schedule.Apply(optimizer, step);
                optimizer.zero_grad();
                functional.cross_entropy(teacher.call(x.index_select(0, rows)), y.index_select(0, rows)).backward();
                optimizer.step();
            }
        }

        var limit = ModelSize.Of(teacher).Bytes;
        Say($"teacher: validation {Accuracy(teacher, held, heldLabels):f4}, test {Accuracy(teacher, unseen, truth):f4}, {limit} bytes");
        Tensor soft;
        using (no_grad()) soft = teacher.call(x).detach();

        var space = new SearchSpaceBuilder();
        var (first, second, hidden) = (space.AddInteger("conv1", 6, 20), space.AddInteger("conv2", 12, 40), space.AddInteger("hidden", 16, 64, Scale.Log));
        var distillations = space.AddDistillation("distillation");
        var optimizers = space.AddOptimizer("optimizer", o => o.AdamW(new AdamWOptions { LearningRate = new(1e-3, 2e-2, Scale.Log, 3e-3), WeightDecay = .01 }));
        var schedules = space.AddLearningRateSchedule("schedule", s => s.Cosine().OneCycle());
        var some = unseen.narrow(0, 0, 32);
        var folder = Directory.CreateTempSubdirectory("autotune-small").FullName;
        var result = await new StudyBuilder("small").WithSearchSpace(space).Maximize("accuracy").Require("size", atMost: .5).Require("latency", atMost: .5)
            .WithSeed(1).ForTrials(trials).WithEpochs(Epochs).UseBayesian().SaveArtifactsIn(folder).TuneTorchAsync(trial =>
            {
                var configuration = trial.Configuration;
                var net = trial.Keep("net", Net(configuration.Get(first), configuration.Get(second), configuration.Get(hidden)));
                StructuredPruning.Into(teacher, net);
                var (optimizer, schedule, distillation) = (optimizers.Create(trial, net.parameters()), schedules.Create(trial, batches), distillations.Create(configuration));
                var accuracy = 0.0;
                foreach (var epoch in trial.Epochs())
                {
                    net.train();
                    var order = randperm(x.shape[0]);
                    for (var batch = 0; batch < batches; batch++)
                    {
                        using var scope = NewDisposeScope();
                        var rows = order.narrow(0, batch * Batch, Batch);
                        schedule.Apply(optimizer, (epoch - 1) * batches + batch);
                        trial.Descend(distillation.Loss(net.call(x.index_select(0, rows)), soft.index_select(0, rows), y.index_select(0, rows)), optimizer);
                    }

                    accuracy = Accuracy(net, held, heldLabels);
                    if (!trial.Report(epoch, accuracy).IsContinue) break;
                }

                var (size, latency, single) = (ModelSize.Of(net).Bytes / (double)limit, Share(net, teacher, some), Share(net, teacher, some.narrow(0, 0, 1)));
                Say($"{trial.Id}: validation {accuracy:f4}, test {Accuracy(net, unseen, truth):f4}, size {size:p0}, latency {latency:p0} (of one image {single:p0}); {configuration}");
                return new TrialValues(accuracy).With("size", size).With("latency", latency);
            });
        Directory.Delete(folder, recursive: true);
        Say($"chosen: {result.Best.Id}");
    }

    private static Sequential Net(int first, int second, int hidden) => Sequential(
        ("picture", Unflatten(1, [1L, 28, 28])), ("conv1", Conv2d(1, first, 3, stride: 2)), ("norm1", BatchNorm2d(first)), ("relu1", ReLU()),
        ("conv2", Conv2d(first, second, 3, stride: 2)), ("norm2", BatchNorm2d(second)), ("relu2", ReLU()),
        ("flat", Flatten()), ("hidden", Linear(second * 36, hidden)), ("relu3", ReLU()), ("out", Linear(hidden, 10)));

    // The median of three quotients of medians: what slows the machine down slows both.
    private static double Share(Sequential small, Sequential large, Tensor input)
        => Enumerable.Range(0, 3).Select(_ => Latency.Of(small, input, 60).Milliseconds / Latency.Of(large, input, 60).Milliseconds).Order().ElementAt(1);

    private static double Accuracy(Sequential net, Tensor x, Tensor y)
    {
        net.eval();
        using var scope = NewDisposeScope();
        using var none = no_grad();
        return net.call(x).argmax(1).eq(y).to(ScalarType.Float64).mean().item<double>();
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
