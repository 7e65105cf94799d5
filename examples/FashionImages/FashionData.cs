using Examples;
using TorchSharp;
using static TorchSharp.torch;

namespace FashionImages;

/// <summary>Fashion-MNIST: images to train with, images to validate with, and images that nobody looks at before the end.</summary>
internal sealed record FashionData(Tensor TrainingInputs, Tensor TrainingTargets, Tensor ValidationInputs, Tensor ValidationTargets)
{
    public static readonly string[] Classes = ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"];

    private static string Folder => Path.Combine(Repository.Root, "datasets", "fashion-mnist");

    /// <summary>The first images of the training file; a fifth of them, the last, is for validation.</summary>
    public static FashionData Load(int images)
    {
        var (inputs, targets) = Read("train", images);
        var training = images - images / 5;
        return new FashionData(inputs[..training], targets[..training], inputs[training..], targets[training..]);
    }

    /// <summary>The test images: to be asked for once, at the end.</summary>
    public static (Tensor Inputs, Tensor Targets) LoadTest(int images) => Read("t10k", images);

    private static (Tensor Inputs, Tensor Targets) Read(string name, int count)
    {
        var (pixels, rows, columns) = IdxFile.ReadImages(Path.Combine(Folder, $"{name}-images-idx3-ubyte.gz"), count);
        var labels = IdxFile.ReadLabels(Path.Combine(Folder, $"{name}-labels-idx1-ubyte.gz"), count);
        using var scope = NewDisposeScope();
        var inputs = (tensor(pixels, [count, 1, rows, columns]).to(float32) / 255 - 0.2863) / 0.3540; // mean and deviation of the training images
        return (inputs.MoveToOuterDisposeScope(), tensor(labels, [count]).to(int64).MoveToOuterDisposeScope());
    }
}
