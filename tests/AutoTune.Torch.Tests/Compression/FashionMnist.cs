using System.Buffers.Binary;
using System.IO.Compression;
using TorchSharp;

namespace AutoTune.Torch.Compression;

/// <summary>The pictures of datasets/fashion-mnist as tensors: [count, 784] of mean 0 and deviation 1, and classes.</summary>
internal static class FashionMnist
{
    public static (torch.Tensor Images, torch.Tensor Labels) Load(string part)
    {
        var (images, labels) = (Read($"{part}-images-idx3-ubyte.gz"), Read($"{part}-labels-idx1-ubyte.gz"));
        var count = BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(4));
        return (torch.tensor(images.AsSpan(16).ToArray()).reshape(count, 784).to(torch.ScalarType.Float32).div_(255).sub_(.2863).div_(.3540), torch.tensor(labels.AsSpan(8).ToArray()).to(torch.ScalarType.Int64));
    }

    private static byte[] Read(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AutoTune.sln"))) folder = folder.Parent!;
        using var packed = new GZipStream(File.OpenRead(Path.Combine(folder.FullName, "datasets", "fashion-mnist", name)), CompressionMode.Decompress);
        using var all = new MemoryStream();
        packed.CopyTo(all);
        return all.ToArray();
    }
}
