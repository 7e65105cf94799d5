using System.Buffers.Binary;

namespace AutoTune.Execution;

/// <summary>Messages over a pair of pipes, each behind its length. Writing is thread-safe; reading is for one thread.</summary>
internal sealed class MessagePipe(Stream input, Stream output) : IDisposable
{
    /// <summary>Longer than any message: what says it is longer is damaged.</summary>
    public const int MaxLength = 256 << 20;

    private const int LengthBytes = sizeof(int);
    private readonly Lock _writing = new();

    /// <summary>The next message; null where the other end has closed the pipe or has ended.</summary>
    /// <exception cref="InvalidDataException">What came is no message.</exception>
    /// <exception cref="IOException">The pipe broke.</exception>
    public WorkerMessage? Read()
    {
        Span<byte> head = stackalloc byte[LengthBytes];
        var got = input.ReadAtLeast(head, LengthBytes, throwOnEndOfStream: false);
        if (got == 0) return null;
        if (got < LengthBytes) throw new InvalidDataException("the pipe ended within a message");
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 1 or > MaxLength) throw new InvalidDataException($"a message says it has {length} bytes; there are 1 to {MaxLength}");
        var bytes = new byte[length];
        if (input.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length) throw new InvalidDataException("the pipe ended within a message");
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            var message = MessageCodec.Read(reader);
            var left = length - reader.BaseStream.Position;
            return left == 0 ? message : throw new InvalidDataException($"a message of {length} bytes has {left} too many");
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"a message of {length} bytes cannot be read: {error.Message}", error);
        }
    }

    /// <exception cref="IOException">The other end is gone.</exception>
    public void Write(WorkerMessage message)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(0);
        MessageCodec.Write(writer, message);
        var buffer = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(buffer, buffer.Length - LengthBytes);
        lock (_writing)
        {
            output.Write(buffer);
            output.Flush();
        }
    }

    /// <summary>Closes the writing end, which tells the other side that there is no more to do.</summary>
    public void CloseWriting()
    {
        lock (_writing) output.Dispose();
    }

    public void Dispose()
    {
        CloseWriting();
        input.Dispose();
    }
}
