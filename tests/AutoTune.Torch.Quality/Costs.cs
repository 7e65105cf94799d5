using System.Diagnostics;
using System.Globalization;
using AutoTune.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Quality;

/// <summary>What each estimate of a hypergradient costs, against the training that it differentiates.</summary>
internal static class Costs
{
    private const int Steps = 50;

    public static void Run(int repeats)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        var (x, y) = SmallImages.Data();
        using var net = SmallImages.Net();
        net.eval(); // no dropout: the same work each time
        using var decay = tensor(1e-3, ScalarType.Float64, requires_grad: true);
        using var rate = tensor(.01, ScalarType.Float64, requires_grad: true);
        var weights = net.parameters().ToArray();
        Tensor Loss(int step)
        {
            var rows = arange(step * 64 % SmallImages.Count, step * 64 % SmallImages.Count + 64);
            return functional.cross_entropy(net.call(x.index_select(0, rows)), y.index_select(0, rows)) + decay * weights.Select(weight => weight.square().sum()).Aggregate((a, b) => a + b);
        }

        var ofLosses = new BilevelProblem(weights, [decay], Loss, () => Loss(3));
        var ofRate = new BilevelProblem(weights, [rate, decay], Loss, () => Loss(3));
        using var optimizer = optim.SGD(weights, .01, momentum: .9);
        using var other = optim.SGD(weights, .01, momentum: .9);
        using var third = optim.SGD(weights, .01, momentum: .9);
        using var descent = new HypergradientDescent(other);
        using var control = new TrainingControl(net, third, 10, Steps, c => c.LearningRate(1e-6, 1));
        using var marthe = new Marthe(weights, .01);
        (string Name, double Per, Action Run)[] all =
        [
            ($"training, {Steps} steps", Steps, () => Each(step => Plain(optimizer, Loss(step)))),
            ($"unrolled, {Steps} steps", Steps, () => Hypergradients.Unrolled(ofRate, new SgdUpdate(rate) { Momentum = .9 }, Steps)),
            ("implicit, conjugate gradients, 30 terms", 1, () => Hypergradients.Implicit(ofLosses, new ImplicitOptions { Tolerance = 0 })),
            ("implicit, Neumann, 30 terms, step given", 1, () => Hypergradients.Implicit(ofLosses, new ImplicitOptions { Solver = ImplicitSolver.Neumann, StepSize = .01 })),
            ("T1-T2", 1, () => Hypergradients.T1T2(ofLosses, .01)),
            ("hypergradient descent, a step", Steps, () => Each(step => descent.Step(Loss(step)))),
            ("controlled, four decisions, a step", Steps, () =>
            {
                Each(step => control.Descend(Loss(step)));
                control.EndEpoch(1);
            }),
            ("MARTHE, a step", Steps, () => Each(step => marthe.Step(Loss(step), () => Loss(step + 1)))),
        ];
        var times = all.Select(_ => new List<double>()).ToArray();
        for (var repeat = 0; repeat <= repeats; repeat++)
        {
            for (var i = 0; i < all.Length; i++)
            {
                using var inner = NewDisposeScope();
                var before = Process.GetCurrentProcess().TotalProcessorTime;
                all[i].Run();
                if (repeat > 0) times[i].Add((Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds); // the first is warm-up
            }
        }

        var step = Median(times[0]) / Steps;
        Console.WriteLine($"a training step: {step * 1000:F2} ms of processor time (median of {repeats})");
        foreach (var (entry, time) in all.Zip(times))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entry.Name,-42} {Median(time) / step / (entry.Per > 1 ? entry.Per : 1),6:F2} training steps{(entry.Per > 1 ? " each" : "")}"));
    }

    private static void Each(Action<int> step)
    {
        for (var i = 0; i < Steps; i++)
        {
            using var scope = NewDisposeScope();
            step(i);
        }
    }

    private static void Plain(optim.Optimizer optimizer, Tensor loss)
    {
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
