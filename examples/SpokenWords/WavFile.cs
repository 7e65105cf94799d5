using System.Buffers.Binary;

namespace SpokenWords;

/// <summary>Reads WAV files of one channel and 16 bits.</summary>
internal static class WavFile
{
    private const int Pcm = 1;

    /// <summary>The samples, from -1 to 1, and how many there are a second.</summary>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static (float[] Samples, int Rate) Read(string file)
    {
        var bytes = File.ReadAllBytes(file).AsSpan();
        if (bytes.Length < 12 || !bytes[..4].SequenceEqual("RIFF"u8) || !bytes[8..12].SequenceEqual("WAVE"u8)) throw new InvalidDataException($"{file} is no WAV file.");
        var rate = 0;
        for (var at = 12; at + 8 <= bytes.Length;)
        {
            var name = bytes.Slice(at, 4);
            // A program that writes to a pipe does not know the length: it says more than there is.
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]), (uint)(bytes.Length - at - 8));
            var content = bytes.Slice(at + 8, length);
            if (name.SequenceEqual("fmt "u8))
            {
                var (format, channels, bits) = (BinaryPrimitives.ReadUInt16LittleEndian(content), BinaryPrimitives.ReadUInt16LittleEndian(content[2..]), BinaryPrimitives.ReadUInt16LittleEndian(content[14..]));
                if (format != Pcm || channels != 1 || bits != 16) throw new InvalidDataException($"{file} has format {format}, {channels} channels, {bits} bits; what is read here is PCM (1) of one channel and 16 bits.");
                rate = (int)BinaryPrimitives.ReadUInt32LittleEndian(content[4..]);
            }
            else if (name.SequenceEqual("data"u8) && rate > 0)
            {
                var samples = new float[length / 2];
                for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(content[(2 * i)..]) / 32768f;
                return (samples, rate);
            }

            at += 8 + length + length % 2; // chunks begin at even places
        }

        throw new InvalidDataException($"{file} has no samples.");
    }
}
