using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace AutoTune.Journals;

/// <summary>Reads the body of a frame from its beginning to its end; see <see cref="EventFrameWriter"/>.</summary>
/// <remarks>What is not there is an <see cref="ArgumentException"/> or <see cref="FormatException"/>: the body's checksum was right, but it is not one.</remarks>
internal ref struct FrameBody(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    public byte Byte()
    {
        var each = _rest[0];
        _rest = _rest[1..];
        return each;
    }

    public long Int64()
    {
        var number = BinaryPrimitives.ReadInt64LittleEndian(_rest);
        _rest = _rest[8..];
        return number;
    }

    public double Number()
    {
        var number = BinaryPrimitives.ReadDoubleLittleEndian(_rest);
        _rest = _rest[8..];
        return number;
    }

    public long Count()
    {
        var count = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            if (shift > 63) throw new FormatException("a count has too many bytes");
            var each = Byte();
            count |= (ulong)(each & 0x7F) << shift;
            if (each < 0x80) return (long)count;
        }
    }

    public long Signed()
    {
        var count = (ulong)Count();
        return (long)(count >> 1) ^ -(long)(count & 1);
    }

    public int Int32() => checked((int)Signed());

    public int? Optional() => Byte() == 0 ? null : Int32();

    public TrialId Trial() => new(checked((int)Count()));

    public ReadOnlySpan<byte> TextBytes()
    {
        var length = checked((int)Count());
        var text = _rest[..length];
        _rest = _rest[length..];
        return text;
    }

    public string Text() => Encoding.UTF8.GetString(TextBytes());

    /// <summary>All that is left, as text.</summary>
    public string RestAsText()
    {
        var text = Encoding.UTF8.GetString(_rest);
        _rest = [];
        return text;
    }

    public DateTimeOffset At()
    {
        var ticks = Int64();
        return new DateTimeOffset(ticks, TimeSpan.FromMinutes(Signed()));
    }

    public double[] Codes(int expected)
    {
        var count = Count();
        if (count != expected) throw new FormatException($"it has {count} values for {expected} hyperparameters");
        var codes = new double[expected];
        for (var i = 0; i < codes.Length; i++) codes[i] = Number();
        return codes;
    }

    public ImmutableSortedDictionary<string, string> Tags()
    {
        var count = Count();
        if (count == 0) return Notes.None<string>();
        var tags = Notes.None<string>().ToBuilder();
        for (; count > 0; count--)
        {
            var name = Text();
            tags.Add(name, Text());
        }

        return tags.ToImmutable();
    }

    public ImmutableSortedDictionary<string, double> Metrics()
    {
        var count = Count();
        if (count == 0) return Notes.None<double>();
        var metrics = Notes.None<double>().ToBuilder();
        for (; count > 0; count--)
        {
            var name = Text();
            metrics.Add(name, Number());
        }

        return metrics.ToImmutable();
    }

    public readonly void DemandEnd()
    {
        if (!_rest.IsEmpty) throw new FormatException($"it has {_rest.Length} bytes too many");
    }
}
