using AutoTune.Torch.Compression;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Quality;

/// <summary>A stream that changes, with the network that learns from it.</summary>
/// <remarks>
/// Friedman's function with features that change their parts, as Ikonomovska (2011) makes streams of it: y = 10 sin(pi a b) + 20 (c - 1/2)^2 + 10 d + 5 e + N(0, 1) of ten uniform
/// features, y brought to mean 0 and variance 1. Real images: Fashion-MNIST, 20,000 of them in random order, with classes that change their names.
/// </remarks>
internal sealed record OnlineStream(string Name, Func<long, IReadOnlyList<(Tensor X, Tensor Y)>> Batches, Func<Module<Tensor, Tensor>> Net, Func<Tensor, Tensor, Tensor> Loss)
{
    public const int Batch = 32;
    private const int Count = 1200;

    public static IReadOnlyList<OnlineStream> All { get; } =
    [
        Friedman("abrupt", at => (at * 4 / Count, at * 4 / Count, 0)), // four concepts, one after the other
        Friedman("gradual", at => (at * 3 / Count, (at * 3 / Count) + 1, 3.0 * at / Count % 1)), // always on the way from one to the next, example by example
        Friedman("recurring", at => (at * 6 / Count % 2, at * 6 / Count % 2, 0)), // two concepts in turns
        Friedman("none", _ => (0, 0, 0)),
        new("images", Images, () => Sequential(("in", Linear(784, 64)), ("relu", ReLU()), ("out", Linear(64, 10))), (output, target) => functional.cross_entropy(output, target)),
    ];

    private static OnlineStream Friedman(string name, Func<int, (int From, int To, double Share)> conceptOf)
        => new(name, seed => [.. FriedmanBatches(new RandomSource(seed).Fork("friedman"), conceptOf)],
            () => Sequential(("in", Linear(10, 32)), ("relu", ReLU()), ("out", Linear(32, 1))), (output, target) => functional.mse_loss(output, target));

    private static IEnumerable<(Tensor X, Tensor Y)> FriedmanBatches(RandomSource random, Func<int, (int From, int To, double Share)> conceptOf)
    {
        for (var at = 0; at < Count; at++)
        {
            var (from, to, share) = conceptOf(at);
            var (x, y) = (new float[Batch * 10], new float[Batch]);
            for (var i = 0; i < Batch; i++)
            {
                for (var j = 0; j < 10; j++) x[i * 10 + j] = (float)random.NextDouble();
                var part = Parts(random, random.NextDouble() < share ? to : from);
                double Feature(int k) => x[i * 10 + part[k]];
                var mean = 10 * Math.Sin(Math.PI * Feature(0) * Feature(1)) + 20 * Math.Pow(Feature(2) - .5, 2) + 10 * Feature(3) + 5 * Feature(4);
                y[i] = (float)((mean + random.NextGaussian() - 14.4) / 5);
            }

            yield return (tensor(x, Batch, 10), tensor(y, Batch, 1));
        }
    }

    private static int[] Parts(RandomSource random, int concept)
    {
        int[] parts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        if (concept > 0) random.Fork("concept", concept).Shuffle<int>(parts);
        return parts;
    }

    private static IReadOnlyList<(Tensor X, Tensor Y)> Images(long seed)
    {
        var random = new RandomSource(seed).Fork("images");
        var (one, other) = (FashionMnist.Load("train"), FashionMnist.Load("t10k"));
        var (x, y) = (cat([one.Images, other.Images]).reshape(-1, 784), cat([one.Labels, other.Labels]));
        var order = Enumerable.Range(0, (int)x.shape[0]).Select(i => (long)i).ToArray();
        random.Shuffle<long>(order);
        var batches = order.Length / Batch;
        return [.. order.Chunk(Batch).Where(rows => rows.Length == Batch).Select((rows, at) =>
        {
            long[] names = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
            if (at * 4 / batches is > 0 and var concept) random.Fork("names", concept).Shuffle<long>(names);
            var of = tensor(rows);
            return (x.index_select(0, of), tensor(names).index_select(0, y.index_select(0, of)));
        })];
    }
}
