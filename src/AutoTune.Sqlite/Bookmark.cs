using System.Buffers;
using AutoTune.Journals;

namespace AutoTune.Sqlite;

/// <summary>How far somebody has read a study, and what it takes to read on: asking again then costs what is new. One caller at a time.</summary>
/// <remarks>
/// The newest facts are in the tail file, mostly all that came since a tenth of a second ago. So that file is looked into first, without SQLite. A
/// region of it is only added to until its first fact changes; if that is the same after reading as before, what was read is good.
/// </remarks>
/// <param name="path">The database.</param>
/// <param name="study">The study's number.</param>
/// <param name="token">The token of its writer.</param>
/// <param name="reader">Has read the space as of the position.</param>
/// <param name="position">The number of the next fact.</param>
internal sealed class Bookmark(string path, long study, byte[] token, EventReader reader, long position)
{
    private const int FewBytes = 8 * 1024; // read at a time where little is to be expected
    private int _region;
    private long _first = -1; // of the region, when the place was marked
    private int _offset; // of the next fact in it

    /// <summary>The number of the next fact; -1 if the bookmark is lost.</summary>
    public long Position { get; private set; } = position;

    public EventReader Reader => reader;

    /// <summary>Whether it is one of this study as this writer left or writes it.</summary>
    public bool IsOf(long otherStudy, ReadOnlySpan<byte> writer) => study == otherStudy && writer.SequenceEqual(token);

    /// <summary>The facts from the position on; null if the tail file is not enough to tell.</summary>
    /// <exception cref="JournalException">It cannot be read.</exception>
    public List<StudyEvent>? ReadTail()
    {
        using var file = TailReading.Open(path, study);
        if (file is null || !file.IsOf(token)) return null;
        var firsts = file.Firsts;
        var buffer = ArrayPool<byte>.Shared.Rent(2 * TailFile.Capacity);
        try
        {
            var (length, place) = Gather(file, firsts, buffer);
            if (place is not { } found || !file.IsOf(token) || file.Firsts != firsts) return null;
            var facts = new List<StudyEvent>();
            var read = reader.ReadFrames(buffer.AsSpan(0, length), fact =>
            {
                if (fact.Sequence == Position + facts.Count) facts.Add(fact);
            });
            if (read != length || facts.Count != found.Next - Position)
            {
                Position = -1;
                return null;
            }

            (_region, _first, _offset, Position) = (found.Region, firsts[found.Region], found.Offset, found.Next);
            return facts;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The frames from the position on, those of both regions one after another, and where the next will be.</summary>
    private (int Length, (int Region, int Offset, long Next)? Place) Gather(TailReading file, TailFirsts firsts, byte[] buffer)
    {
        var region = firsts.RegionOf(Position);
        if (region < 0) return default;
        var offset = 0;
        if (region == _region && firsts[region] == _first) offset = _offset;
        else if (firsts[region] < Position)
        {
            var all = file.Read(region, 0, buffer.AsSpan(0, TailFile.Capacity));
            offset = EventReader.LengthOfFrames(all, Position - firsts[region], out var count);
            if (count < Position - firsts[region]) return default;
        }

        var (length, next) = (0, Position);
        while (true)
        {
            var frames = file.Read(region, offset, buffer.AsSpan(length, Math.Min(FewBytes, TailFile.Capacity - offset)));
            var good = EventReader.LengthOfFrames(frames, long.MaxValue, out var count);
            if (!IsEndAt(frames, good) && frames.Length < TailFile.Capacity - offset)
            {
                frames = file.Read(region, offset, buffer.AsSpan(length, TailFile.Capacity - offset));
                good = EventReader.LengthOfFrames(frames, long.MaxValue, out count);
            }

            (length, offset, next) = (length + good, offset + good, next + count);
            var following = firsts[1 - region];
            if (following < firsts[region] || following < next) return (length, (region, offset, next));
            if (following > next) return default; // what lies between is in the database alone
            (region, offset) = (1 - region, 0);
        }
    }

    /// <summary>Whether the frames end there, and not only what was read of them.</summary>
    private static bool IsEndAt(ReadOnlySpan<byte> frames, int length)
        => frames.Length - length < sizeof(int) ? frames.Length < FewBytes : frames.Slice(length, sizeof(int)).IndexOfAnyExcept((byte)0) < 0;
}
