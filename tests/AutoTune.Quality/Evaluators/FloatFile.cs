using System.Buffers.Binary;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Evaluators;

/// <summary>A file of float32 in little endian, rows of equal length.</summary>
internal static class FloatFile
{
    /// <summary>All numbers of the file.</summary>
    /// <exception cref="ProblemException">It is not a whole number of rows.</exception>
    public static float[] Read(string file, int columns)
    {
        var bytes = File.ReadAllBytes(file);
        if (columns < 1 || bytes.Length % (4 * columns) != 0)
            throw new ProblemException($"{file} has {bytes.Length} bytes, which is no whole number of rows of {columns} float32.");
        var numbers = new float[bytes.Length / 4];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i));
        return numbers;
    }
}
