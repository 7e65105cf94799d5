using System.Buffers.Binary;
using System.IO.Compression;

namespace FashionImages;

/// <summary>Reads the packed IDX files of MNIST and its kin: a big-endian header (magic number, count, sides), then a byte a pixel or label.</summary>
internal static class IdxFile
{
    private const int Images = 2051, Labels = 2049;

    /// <summary>The first images of a file, one after the other.</summary>
    public static (byte[] Pixels, int Rows, int Columns) ReadImages(string file, int count)
    {
        using var stream = Open(file, Images, count);
        var (rows, columns) = (ReadWord(stream), ReadWord(stream));
        return (ReadBytes(stream, count * rows * columns), rows, columns);
    }

    /// <summary>The first labels of a file.</summary>
    public static byte[] ReadLabels(string file, int count)
    {
        using var stream = Open(file, Labels, count);
        return ReadBytes(stream, count);
    }

    private static GZipStream Open(string file, int magic, int count)
    {
        var stream = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        if (ReadWord(stream) != magic) throw new InvalidDataException($"{file} is no packed IDX file of {(magic == Images ? "images" : "labels")}; datasets/get.sh fashion-mnist makes it again.");
        var there = ReadWord(stream);
        return count <= there ? stream : throw new ArgumentException($"{count} are asked for, {file} has {there}; ask for fewer.");
    }

    private static int ReadWord(Stream stream) => BinaryPrimitives.ReadInt32BigEndian(ReadBytes(stream, 4));

    private static byte[] ReadBytes(Stream stream, int count)
    {
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
