using System.Globalization;
using AutoTune.Torch.Compression;
using AutoTune.Tuners.PopulationTraining;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Quality.Control;

/// <summary>One training under the controller that comes with the library, against what else sets a learning rate, on networks and data that it was not trained on.</summary>
/// <remarks>
/// Everything begins at the rate that people write without looking: .01 for momentum, .001 for AdamW. Searches have ranges of a hundredth to a hundred times that, and choose by validation accuracy
/// at the end. The accuracy told is that of the test data.
/// </remarks>
internal static class Comparison
{
    private const int Trials = 20, Members = 4;

    public static async Task RunAsync(int seeds, string only, int first)
    {
        set_num_threads(1);
        foreach (var problem in Problems().Where(problem => only.Length == 0 || problem.Task.Name.Contains(only, StringComparison.Ordinal)))
        {
            var rows = new List<(string Method, int Trainings, List<double> Accuracies)>();
            void Add(string method, int trainings, double accuracy)
            {
                if (rows.FirstOrDefault(row => row.Method == method).Accuracies is { } known) known.Add(accuracy);
                else rows.Add((method, trainings, [accuracy]));
            }

            for (var seed = first; seed < first + seeds; seed++)
            {
                using var scope = NewDisposeScope();
                Add("constant rate", 1, problem.Train(seed, 1, _ => LearningRateSchedule.Constant(1)).Test);
                Add("cosine from the same rate", 1, problem.Train(seed, 1, steps => LearningRateSchedule.Cosine(steps)).Test);
                Add("hypergradient descent", 1, problem.Hypergradient(seed));
                if (problem.HasMomentum) Add("MARTHE", 4, problem.Marthe(seed));
                Add("controller", 1, problem.Controlled(seed, 1));
                Add("controller, from a thirtieth of the rate", 1, problem.Controlled(seed, 1 / 30.0));
                Add("controller, from ten times the rate", 1, problem.Controlled(seed, 10));
                Add($"population of {Members}", Members, await PopulationAsync(problem, seed));
                var (best, random) = await TunedAsync(problem, seed);
                Add($"best of {Trials} schedules and rates", Trials, best);
                Add("one of these at random", 1, random);
                Say($"{problem.Task.Name}, seed {seed}: {string.Join("; ", rows.Select(row => $"{row.Method} {row.Accuracies[^1].ToString("f4", CultureInfo.InvariantCulture)}"))}");
            }

            Say($"{problem.Task.Name}: {problem.Task.X.shape[0]} examples, {problem.Task.Epochs} epochs of {problem.Task.Steps} steps, {seeds} seeds; test accuracy, mean (deviation)");
            var tuned = rows.Single(row => row.Method.StartsWith("best of", StringComparison.Ordinal)).Accuracies;
            foreach (var (method, trainings, accuracies) in rows)
            {
                var differences = accuracies.Zip(tuned, (a, b) => a - b).ToList();
                Say($"| {method} | {trainings} | {100 * accuracies.Average():f2} ({100 * Deviation(accuracies):f2}) | {100 * differences.Average():+0.00;-0.00} ± {100 * Deviation(differences) / Math.Sqrt(seeds):f2} |");
            }
        }
    }

    private static IEnumerable<Problem> Problems()
    {
        var (images, labels) = FashionMnist.Load("train");
        var (unseen, truth) = FashionMnist.Load("t10k");
        var (table, soils) = ControlTask.Table("satellite", "classes");
        ControlTask Clothes(string name, Func<Module<Tensor, Tensor>> net, bool hasMomentum) => new(name, images.narrow(0, 0, 3000), labels.narrow(0, 0, 3000), images.narrow(0, 8000, 1000), labels.narrow(0, 8000, 1000),
            net, (weights, rate) => hasMomentum ? optim.SGD(weights, rate, momentum: .9) : optim.AdamW(weights, rate), hasMomentum ? .01 : .001, 100, 10);
        yield return new Problem(Clothes("clothes, flat, momentum", () => Sequential(("hidden", Linear(784, 64)), ("relu", ReLU()), ("out", Linear(64, 10))), true), unseen, truth, true);
        yield return new Problem(Clothes("clothes, convolutions, AdamW", () => Sequential(("picture", Unflatten(1, [1L, 28, 28])), ("conv1", Conv2d(1, 8, 3, stride: 2)), ("relu1", ReLU()),
            ("conv2", Conv2d(8, 16, 3, stride: 2)), ("relu2", ReLU()), ("flat", Flatten()), ("out", Linear(16 * 36, 10))), false), unseen, truth, false);
        yield return new Problem(new ControlTask("satellite, flat, momentum", table.narrow(0, 0, 2000), soils.narrow(0, 0, 2000), table.narrow(0, 2000, 1000), soils.narrow(0, 2000, 1000),
            () => Sequential(("hidden1", Linear(36, 64)), ("relu1", ReLU()), ("hidden2", Linear(64, 64)), ("relu2", ReLU()), ("out", Linear(64, 6))),
            (weights, rate) => optim.SGD(weights, rate, momentum: .9), .01, 50, 10), table.narrow(0, 3000, 3435), soils.narrow(0, 3000, 3435), true);
    }

    private static async Task<(double Best, double Random)> TunedAsync(Problem problem, int seed)
    {
        var space = new SearchSpaceBuilder();
        var rate = space.AddReal("rate", problem.Task.Rate / 100, problem.Task.Rate * 100, Scale.Log);
        var schedules = space.AddLearningRateSchedule("schedule", s => s.Cosine().Constant().WarmUp().Linear().Trapezoid().OneCycle());
        var tests = new double[Trials];
        var result = await new StudyBuilder("schedules").WithSearchSpace(space).Maximize("accuracy").WithSeed(seed).UseBayesian().ForTrials(Trials).RunAsync(trial =>
        {
            var (test, held) = problem.Train(seed + 1000 * (trial.Id.Number + 1), trial.Configuration.Get(rate) / problem.Task.Rate, steps => schedules.Create(trial.Configuration, steps));
            tests[trial.Id.Number] = test;
            return held;
        });
        return (tests[result.Best.Id.Number], tests[new RandomSource(seed).NextInt(Trials)]);
    }

    private static async Task<double> PopulationAsync(Problem problem, int seed)
    {
        var space = new SearchSpaceBuilder();
        var rate = space.AddReal("rate", problem.Task.Rate / 100, problem.Task.Rate * 100, Scale.Log);
        var task = problem.Task;
        var tests = new double[Members];
        var folder = Directory.CreateTempSubdirectory("autotune-control").FullName;
        var result = await new StudyBuilder("population").WithSearchSpace(space).Maximize("accuracy").WithSeed(seed).UseRandom().ForTrials(Members).WithEpochs(task.Epochs).SaveArtifactsIn(folder)
            .UsePopulation(new PopulationOptions { Size = Members, Interval = 1 }).TuneTorchAsync(trial =>
            {
                var net = trial.Keep("net", task.Net());
                var optimizer = trial.KeepOptimizer("optimizer", task.Optimizer(net.parameters(), trial.Configuration.Get(rate)));
                var batches = new TensorBatches(task.X, task.Y);
                var accuracy = 0.0;
                foreach (var epoch in trial.Epochs())
                {
                    net.train();
                    foreach (var (x, y) in batches.Shuffled(trial.Random.Fork("order", epoch), task.Batch)) trial.Descend(functional.cross_entropy(net.call(x), y), optimizer);
                    accuracy = 1 - ControlTask.Judge(net, task.HeldX, task.HeldY).Error;
                    tests[trial.Id.Number] = problem.Test(net);
                    if (!trial.Report(epoch, accuracy).IsContinue) break;
                }

                return accuracy;
            });
        Directory.Delete(folder, recursive: true);
        return tests[result.Best.Id.Number];
    }

    private static double Deviation(List<double> values)
    {
        var mean = values.Average();
        return values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>A task, and the data that tell in the end.</summary>
    private sealed record Problem(ControlTask Task, Tensor Unseen, Tensor Truth, bool HasMomentum)
    {
        public double Test(Module<Tensor, Tensor> net) => 1 - ControlTask.Judge(net, Unseen, Truth).Error;

        /// <summary>Trains at a schedule of a multiple of the rate.</summary>
        public (double Test, double Held) Train(int seed, double factor, Func<int, LearningRateSchedule> schedule)
        {
            double test = 0, held = 0;
            var (fixedSchedule, step) = (schedule(Task.Epochs * Task.Steps), 0);
            (Task with { Rate = Task.Rate * factor }).Train(seed, (_, optimizer) => (loss =>
            {
                fixedSchedule.Apply(optimizer, step++);
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
            }, (_, _, error) => held = 1 - error), net => test = Test(net));
            return (test, held);
        }

        public double Controlled(int seed, double factor)
        {
            var (test, rate) = (0.0, Task.Rate * factor);
            TrainingControl? control = null;
            (Task with { Rate = rate }).Train(seed, (net, optimizer) =>
            {
                control = new TrainingControl(net, optimizer, Task.Epochs, Task.Steps, c => c.LearningRate(Task.Rate / 100, Task.Rate * 100));
                return (loss => control.Descend(loss), (_, loss, _) => control.EndEpoch(loss));
            }, net => test = Test(net));
            if (Environment.GetEnvironmentVariable("SAY") is not null) Console.WriteLine(string.Join("\n", control!.Decisions));
            control!.Dispose();
            return test;
        }

        public double Hypergradient(int seed)
        {
            var test = 0.0;
            HypergradientDescent? descent = null;
            Task.Train(seed, (_, optimizer) =>
            {
                descent = new HypergradientDescent(optimizer);
                return (descent.Step, (_, _, _) => { });
            }, net => test = Test(net));
            descent!.Dispose();
            return test;
        }

        public double Marthe(int seed)
        {
            var test = 0.0;
            Marthe? marthe = null;
            var draws = new RandomSource(seed);
            Task.Train(seed, (net, _) =>
            {
                marthe = new Marthe(net.parameters(), Task.Rate);
                return (loss => marthe.Step(loss, () =>
                {
                    var start = draws.NextInt((int)Task.HeldX.shape[0] - Task.Batch);
                    return functional.cross_entropy(net.call(Task.HeldX.narrow(0, start, Task.Batch)), Task.HeldY.narrow(0, start, Task.Batch));
                }), (_, _, _) => { });
            }, net => test = Test(net));
            marthe!.Dispose();
            return test;
        }
    }
}
