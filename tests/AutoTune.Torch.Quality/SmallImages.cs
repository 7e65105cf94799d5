using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Quality;

/// <summary>A convolutional network on images of noise: the work of a training without its data.</summary>
internal static class SmallImages
{
    public const int Batch = 64;
    public const int Count = 1024;

    public static Sequential Net() => Sequential(
        ("conv1", Conv2d(1, 8, 3, padding: 1)), ("relu1", ReLU()), ("pool1", MaxPool2d(2)),
        ("conv2", Conv2d(8, 16, 3, padding: 1)), ("relu2", ReLU()), ("pool2", MaxPool2d(2)),
        ("flat", Flatten()), ("dropout", Dropout(.2)), ("out", Linear(16 * 7 * 7, 10)));

    /// <summary>The images and their classes, the same every time.</summary>
    public static (Tensor X, Tensor Y) Data()
    {
        using (manual_seed(1)) { }
        return (rand(Count, 1, 28, 28), randint(0, 10, Count, dtype: ScalarType.Int64));
    }

    /// <summary>The batches of an epoch, a dispose scope each.</summary>
    public static void ForBatches(Tensor x, Tensor y, RandomSource random, Action<Tensor, Tensor> step)
    {
        var order = Enumerable.Range(0, Count).Select(i => (long)i).ToArray();
        random.Shuffle(order.AsSpan());
        foreach (var batch in order.Chunk(Batch))
        {
            using var scope = NewDisposeScope();
            var rows = tensor(batch);
            step(x.index_select(0, rows), y.index_select(0, rows));
        }
    }
}
