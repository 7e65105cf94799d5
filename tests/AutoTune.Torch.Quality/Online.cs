using System.Globalization;
using AutoTune.Tuners.Online;
using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune.Torch.Quality;

/// <summary>
/// TuneOnline on streams that change, against the best fixed setting in hindsight: of a grid over the same hyperparameters, 13 learning rates from 1e-4 to 1 by momenta 0, .5 and .9,
/// the one with the lowest loss on that very stream and seed.
/// </summary>
internal static class Online
{
    private static readonly double[] Momenta = [.9, .5, 0];

    public static void Run(int seeds, IReadOnlyCollection<string> names)
    {
        set_num_threads(1);
        foreach (var stream in OnlineStream.All.Where(stream => names.Count == 0 || names.Contains(stream.Name)))
        {
            List<double> ratios = [], champions = [], bests = [], updates = [];
            for (var seed = 1; seed <= seeds; seed++)
            {
                using var scope = NewDisposeScope();
                var batches = stream.Batches(seed);
                var (best, setting) = BestFixed(stream, batches, seed);
                using var live = Live(stream, seed);
                foreach (var (x, y) in batches) live.Learn(x, y);
                ratios.Add(live.MeanLoss / best);
                champions.Add(live.ChampionMeanLoss / best);
                bests.Add(best);
                updates.Add((double)live.Updates / live.Batches);
                Say($"{stream.Name,-9} seed {seed}: best fixed {best:F4} at {setting}; TuneOnline {live.MeanLoss:F4}, its champions {live.ChampionMeanLoss:F4}");
            }

            Say($"{stream.Name,-9} best fixed {bests.Average():F4}; TuneOnline / best fixed: {ratios.Average():F3} ({string.Join(" ", ratios.Select(ratio => ratio.ToString("F3", CultureInfo.InvariantCulture)))}); champion alone {champions.Average():F3}; {updates.Average():F1} updates a batch");
        }
    }

    /// <summary>What it tells of one stream, and its loss.</summary>
    public static void Story(string name, int seed)
    {
        set_num_threads(1);
        var stream = OnlineStream.All.First(stream => stream.Name == name);
        using var live = Live(stream, seed);
        foreach (var (x, y) in stream.Batches(seed)) live.Learn(x, y);
        Say($"{name} seed {seed}: mean loss {live.MeanLoss:F4}, of the champions {live.ChampionMeanLoss:F4}");
        foreach (var change in live.Changes.Where(change => change.Kind is not (OnlineChangeKind.Started or OnlineChangeKind.Dropped))) Console.WriteLine(change);
    }

    private static LiveNetwork Live(OnlineStream stream, int seed)
    {
        var space = new SearchSpaceBuilder();
        var optimizer = space.AddOptimizer("optimizer", o => o.Sgd(new SgdOptions { LearningRate = new(1e-4, 1, Scale.Log, .05), Momentum = new(0, .95, Scale.Linear, .5), Nesterov = false, WeightDecay = 0 }));
        return space.TuneOnline(stream.Net, optimizer, stream.Loss, new OnlineOptions { Seed = seed });
    }

    private static (double Loss, string Setting) BestFixed(OnlineStream stream, IReadOnlyList<(Tensor X, Tensor Y)> batches, int seed)
    {
        var (best, setting) = (double.PositiveInfinity, "none");
        foreach (var momentum in Momenta)
        {
            for (var i = 12; i >= 0; i--)
            {
                var rate = Math.Pow(10, -4 + i / 3.0);
                var loss = Fixed(stream, batches, seed, rate, momentum, best);
                if (loss < best) (best, setting) = (loss, string.Create(CultureInfo.InvariantCulture, $"{rate:G2}/{momentum}"));
            }
        }

        return (best, setting);
    }

    private static double Fixed(OnlineStream stream, IReadOnlyList<(Tensor X, Tensor Y)> batches, int seed, double rate, double momentum, double best)
    {
        using var all = NewDisposeScope();
        using (manual_seed(seed)) { }
        using var net = stream.Net();
        using var optimizer = optim.SGD(net.parameters(), rate, momentum);
        var sum = 0.0;
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            using var scope = NewDisposeScope();
            var loss = stream.Loss(net.call(x), y); // before the step: predicted, then learnt
            sum += loss.item<float>();
            if (!(sum / batches.Count < best)) return double.PositiveInfinity; // losses are not below 0: it will not be the best
            loss.backward();
            scope.Dispose(); // the optimizer's own tensors belong to the outer one
            optimizer.step();
        }

        return sum / batches.Count;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
