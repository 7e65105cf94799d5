using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Text;

namespace AutoTune.Journals;

/// <summary>Writes the facts of a study as frames, one after another: the compact form of what <see cref="EventWriter"/> writes as text.</summary>
/// <remarks>
/// <para>
/// A frame is: length of the body (4 bytes), CRC-32C of the body (4 bytes), body. The body of the facts that make up nearly all of a journal
/// (a trial started, reported, completed without a gradient or was stopped) is binary; that of any other is its line of text, so that a rare kind of fact has one
/// format only. Numbers are little-endian, counts are written in groups of seven bits, a value of a configuration is its code (8 bytes).
/// </para>
/// <para>A frame that was cut off or altered is told by its length or checksum. <see cref="EventReader.ReadFrames"/> reads them. Not thread-safe.</para>
/// </remarks>
public sealed class EventFrameWriter
{
    /// <summary>The version of the frames; that of the text in them is <see cref="EventWriter.SchemaVersion"/>.</summary>
    public const int SchemaVersion = 2;

    internal const int HeaderLength = 8;

    private byte[] _bytes;
    private int _length;

    /// <summary>A writer without any frame.</summary>
    /// <param name="capacity">The bytes to begin with; it grows.</param>
    public EventFrameWriter(int capacity = 4096) => _bytes = new byte[capacity];

    /// <summary>The frames so far. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Forgets the frames; the memory is kept for others.</summary>
    public void Clear() => _length = 0;

    /// <summary>Forgets the frames beyond a length, which must be the end of one.</summary>
    public void CutTo(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_length, nameof(length));
        _length = length;
    }

    /// <summary>Adds a fact.</summary>
    public void Write(StudyEvent studyEvent)
    {
        ArgumentNullException.ThrowIfNull(studyEvent);
        var start = _length;
        _length += HeaderLength;
        Reserve(64);
        switch (studyEvent)
        {
            case TrialReported e:
                Begin(FrameKind.Reported, e);
                WriteCount(e.Report.Trial.Number);
                WriteSigned(e.Report.Step);
                WriteNumber(e.Report.Loss);
                break;
            case TrialStarted e:
                Begin(FrameKind.Started, e);
                WriteCount(e.Trial.Number);
                WriteOptional(e.Budget);
                WriteText(e.Origin);
                WriteCount(e.Tags.Count);
                foreach (var (name, text) in e.Tags)
                {
                    WriteText(name);
                    WriteText(text);
                }

                WriteCodes(e.Configuration.Codes);
                break;
            case TrialFinished { Outcome: TrialOutcome.Completed { Gradient.IsEmpty: true } completed } e: // an older reader would not see the gradient
                Begin(FrameKind.Completed, e);
                WriteCount(e.Trial.Number);
                WriteNumber(completed.Loss);
                WriteMetrics(completed.Metrics);
                break;
            case TrialFinished { Outcome: TrialOutcome.Stopped stopped } e:
                Begin(FrameKind.Stopped, e);
                WriteCount(e.Trial.Number);
                WriteSigned(stopped.AtStep);
                WriteText(stopped.Reason);
                break;
            default:
                WriteByte((byte)FrameKind.Text);
                WriteUtf8(EventWriter.Write(studyEvent));
                break;
        }

        var body = _bytes.AsSpan(start + HeaderLength, _length - start - HeaderLength);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start), body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(start + 4), Checksum(body));
    }

    /// <summary>CRC-32C, which processors compute eight bytes at a time.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> body)
    {
        var crc = uint.MaxValue;
        for (; body.Length >= 8; body = body[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(body));
        foreach (var each in body) crc = BitOperations.Crc32C(crc, each);
        return ~crc;
    }

    private void Begin(FrameKind kind, StudyEvent studyEvent)
    {
        WriteByte((byte)kind);
        WriteCount(studyEvent.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_length), studyEvent.At.Ticks);
        _length += 8;
        WriteSigned(studyEvent.At.TotalOffsetMinutes);
    }

    private void WriteMetrics(ImmutableSortedDictionary<string, double> metrics)
    {
        WriteCount(metrics.Count);
        foreach (var (name, value) in metrics)
        {
            WriteText(name);
            Reserve(64);
            WriteNumber(value);
        }
    }

    private void WriteCodes(ReadOnlySpan<double> codes)
    {
        WriteCount(codes.Length);
        Reserve(codes.Length * sizeof(double) + 64);
        foreach (var code in codes) WriteNumber(code);
    }

    /// <summary>Room for this many bytes more, which callers of the small writes below see to: one look a fact instead of one a byte.</summary>
    private void Reserve(int bytes)
    {
        if (_bytes.Length - _length < bytes) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
    }

    private void WriteText(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        Reserve(bytes + 64);
        WriteCount(bytes);
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    private void WriteUtf8(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    private void WriteByte(byte each) => _bytes[_length++] = each;

    private void WriteNumber(double number)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(_length), number);
        _length += sizeof(double);
    }

    private void WriteOptional(int? count)
    {
        WriteByte(count is null ? (byte)0 : (byte)1);
        if (count is { } given) WriteSigned(given);
    }

    /// <summary>Small ones of either sign in few bytes: 0, -1, 1, -2, ... become 0, 1, 2, 3, ...</summary>
    private void WriteSigned(long number) => WriteCount((number << 1) ^ (number >> 63));

    private void WriteCount(long count)
    {
        var rest = (ulong)count;
        for (; rest >= 0x80; rest >>= 7) WriteByte((byte)(rest | 0x80));
        WriteByte((byte)rest);
    }
}

/// <summary>The first byte of a frame's body. They never change; a new kind gets a new number.</summary>
internal enum FrameKind : byte
{
    Text = 0,
    Started = 1,
    Reported = 2,
    Completed = 3,
    Stopped = 4,
}
