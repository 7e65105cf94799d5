using System.Diagnostics;
using System.Globalization;
using AutoTune.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Quality;

/// <summary>Twenty weight decays, one for each tensor of a network, tuned with and without their hypergradient.</summary>
/// <remarks>
/// Spam e-mails, 300 to train, 1,000 to validate, the rest to test: a network that overfits unless its weights are held. A training is full-batch Adam to near convergence; the
/// hypergradient is implicit, at its end. What it costs is counted in trainings, by processor time.
/// </remarks>
internal static class Decays
{
    private const int Steps = 400;
    private const int Blocks = 9; // with the first and the last layer: 20 tensors of weights and biases, of which each has its decay

    public static async Task RunAsync(int seeds, int first)
    {
        var data = Data();
        Console.WriteLine("seed | random @100 | Bayesian @10, @25, @100 | with gradients, after 1, 2, ... trials: descent; Bayesian | trainings to Bayesian's @100: descent, Bayesian with gradients | cost of a gradient | test loss: defaults, Bayesian, descent");
        for (var seed = first; seed < first + seeds; seed++)
        {
            var random = await StudyAsync(data, seed, 100, gradients: false, study => study.UseRandom());
            var plain = await StudyAsync(data, seed, 100, gradients: false, study => study.UseBayesian());
            var descent = await StudyAsync(data, seed, 20, gradients: true, study => study.UseGradient());
            var both = await StudyAsync(data, seed, 20, gradients: true, study => study.UseBayesian());
            var target = plain.Best[99];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{seed} | {random.Best[99]:F4} | {plain.Best[9]:F4}, {plain.Best[24]:F4}, {target:F4} | {Curve(descent)}; {Curve(both)} | {Trainings(descent, target)}, {Trainings(both, target)} | {descent.GradientCost:F2} | {plain.Tests[0]:F4}, {plain.BestTest:F4}, {descent.BestTest:F4}"));
        }
    }

    private static string Curve(Run run) => string.Join(" ", ((int[])[1, 2, 3, 4, 5, 7, 10, 15, 20]).Select(trial => run.Best[trial - 1].ToString("F4", CultureInfo.InvariantCulture)));

    /// <summary>How many trainings' time it took to come to a loss, gradients included.</summary>
    private static string Trainings(Run run, double target)
    {
        var trial = Array.FindIndex(run.Best, loss => loss <= target);
        return trial < 0 ? $"not in {run.Best.Length * (1 + run.GradientCost):F0}" : ((trial + 1) * (1 + run.GradientCost)).ToString("F1", CultureInfo.InvariantCulture);
    }

    private static async Task<Run> StudyAsync(Split data, int seed, int trials, bool gradients, Func<StudyBuilder, StudyBuilder> search)
    {
        var space = new SearchSpaceBuilder();
        var decays = Enumerable.Range(0, 2 * Blocks + 2).Select(i => space.AddReal($"decay{i}", 1e-6, 1e-1, Scale.Log)).ToArray();
        double training = 0, differentiating = 0;
        List<double> tests = [];
        var study = search(new StudyBuilder("decays").WithSearchSpace(space).Minimize("loss").WithSeed(seed).TryDefaultsFirst().ForTrials(trials));
        var result = await study.RunAsync(trial =>
        {
            set_num_threads(1);
            using var scope = NewDisposeScope();
            using var hyper = new HyperTensors(trial.Configuration);
            using (manual_seed(seed)) { }
            using var net = new Residual();
            var weights = net.parameters().ToArray();
            var strengths = decays.Select(decay => hyper[decay]).ToArray();
            Tensor Penalty() => stack([.. weights.Select((weight, i) => weight.square().sum() * strengths[i])]).sum() / 2;
            Tensor Loss(Tensor x, Tensor y) => functional.binary_cross_entropy_with_logits(net.call(x), y);
            using var optimizer = optim.Adam(weights, .01);
            var before = Time();
            for (var step = 0; step < Steps; step++)
            {
                using var inner = NewDisposeScope();
                foreach (var group in optimizer.ParamGroups) group.LearningRate = .01 * (1 + Math.Cos(Math.PI * step / Steps)) / 2;
                optimizer.zero_grad();
                (Loss(data.TrainX, data.TrainY) + Penalty()).backward();
                optimizer.step();
            }

            training += Time() - before;
            tests.Add(Loss(data.TestX, data.TestY).item<float>());
            if (!gradients) return new TrialValues(Loss(data.ValidX, data.ValidY).item<float>());
            before = Time();
            var problem = new BilevelProblem(weights, hyper.All, _ => Loss(data.TrainX, data.TrainY) + Penalty(), () => Loss(data.ValidX, data.ValidY));
            var values = hyper.Values(Hypergradients.Implicit(problem, new ImplicitOptions { Solver = ImplicitSolver.Neumann, Terms = 30 }));
            differentiating += Time() - before;
            return values;
        });
        var best = new double[trials];
        for (var i = 0; i < trials; i++) best[i] = Math.Min(i > 0 ? best[i - 1] : double.PositiveInfinity, result.View[new TrialId(i)].Loss ?? double.PositiveInfinity);
        return new Run(best, tests, tests[result.Best.Id.Number], differentiating / training);
    }

    private static double Time() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;

    private static Split Data()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "datasets", "spam", "spam.csv"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("There is no datasets/spam above this program; run it from the repository.");
        var rows = File.ReadLines(Path.Combine(folder, "datasets", "spam", "spam.csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        new RandomSource(5).Shuffle(rows.AsSpan());
        var width = rows[0].Length - 1;
        var x = tensor(rows.SelectMany(row => row.Take(width).Select(cell => MathF.Log(.01f + float.Parse(cell, CultureInfo.InvariantCulture)))).ToArray()).reshape(rows.Length, width);
        var y = tensor(rows.Select(row => row[width] == "spam" ? 1f : 0f).ToArray()).reshape(-1, 1);
        var train = x.narrow(0, 0, 300);
        x = (x - train.mean([0], keepdim: true)) / (train.std(0, keepdim: true) + 1e-3);
        return new Split(x.narrow(0, 0, 300), y.narrow(0, 0, 300), x.narrow(0, 300, 1000), y.narrow(0, 300, 1000), x.narrow(0, 1300, rows.Length - 1300), y.narrow(0, 1300, rows.Length - 1300));
    }

    private sealed record Split(Tensor TrainX, Tensor TrainY, Tensor ValidX, Tensor ValidY, Tensor TestX, Tensor TestY);

    private sealed record Run(double[] Best, List<double> Tests, double BestTest, double GradientCost);

    /// <summary>A first layer, blocks x + tanh(W x + b) / blocks, a last layer without a bias of its own decay: 20 tensors.</summary>
    private sealed class Residual : Module<Tensor, Tensor>
    {
        private readonly Linear _first = Linear(57, 24, hasBias: false);
        private readonly ModuleList<Linear> _blocks = new([.. Enumerable.Range(0, Blocks).Select(_ => Linear(24, 24))]);
        private readonly Linear _last = Linear(24, 1, hasBias: false);

        public Residual() : base(nameof(Residual)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var x = _first.call(input);
            foreach (var block in _blocks) x = x + block.call(x).tanh();
            return _last.call(x);
        }
    }
}
