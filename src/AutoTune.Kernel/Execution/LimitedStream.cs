namespace AutoTune.Execution;

/// <summary>A file that may not grow beyond a length: writing more throws before the disk has it. Closing it leaves the file open.</summary>
internal sealed class LimitedStream(FileStream file, long limit, Func<Exception> error) : Stream
{
    public override bool CanRead => file.CanRead;

    public override bool CanSeek => file.CanSeek;

    public override bool CanWrite => file.CanWrite;

    public override long Length => file.Length;

    public override long Position { get => file.Position; set => file.Position = value; }

    public override void Flush() => file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void SetLength(long value)
    {
        Demand(value);
        file.SetLength(value);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Demand(file.Position + buffer.Length);
        file.Write(buffer);
    }

    // Without it every byte would take an array.
    public override void WriteByte(byte value) => Write(new ReadOnlySpan<byte>(in value));

    private void Demand(long length)
    {
        if (length > limit) throw error();
    }
}
