using System.Buffers.Binary;
using AutoTune.Journals;
using Microsoft.Win32.SafeHandles;

namespace AutoTune.Sqlite;

/// <summary>A tail file that is open to be read, piece by piece while it is written.</summary>
internal sealed class TailReading : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _path;

    private TailReading(SafeFileHandle file, string path) => (_file, _path) = (file, path);

    /// <summary>The file of a study; null if there is none.</summary>
    /// <exception cref="JournalException">It cannot be opened.</exception>
    public static TailReading? Open(string databasePath, long study)
    {
        var path = TailFile.PathOf(databasePath, study);
        try
        {
            // Asked first, as the answer is often no, and an exception for it is dear.
            return File.Exists(path) ? new TailReading(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), databasePath) : null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (FileProblem.IsOfFile(error))
        {
            throw FileProblem.Of(error, databasePath);
        }
    }

    /// <summary>The first facts of the regions as of now.</summary>
    public TailFirsts Firsts => new(FirstOf(0), FirstOf(1));

    public bool IsOf(ReadOnlySpan<byte> token)
    {
        Span<byte> bytes = stackalloc byte[TailFile.TokenLength];
        return ReadAt(0, bytes) == bytes.Length && bytes.SequenceEqual(token);
    }

    /// <summary>What a region has from a place of its frames on, as far as there is room.</summary>
    public ReadOnlySpan<byte> Read(int region, int offset, Span<byte> room) => room[..ReadAt(TailFile.PlaceOf(region) + TailFile.FirstLength + offset, room)];

    public void Dispose() => _file.Dispose();

    private long FirstOf(int region)
    {
        Span<byte> bytes = stackalloc byte[TailFile.FirstLength];
        return ReadAt(TailFile.PlaceOf(region), bytes) == bytes.Length ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : -1;
    }

    private int ReadAt(long place, Span<byte> room)
    {
        try
        {
            return RandomAccess.Read(_file, room, place);
        }
        catch (Exception error) when (FileProblem.IsOfFile(error))
        {
            throw FileProblem.Of(error, _path);
        }
    }
}

/// <summary>The numbers of the first facts of a tail file's two regions; -1 for one that was never written.</summary>
internal readonly record struct TailFirsts(long Zero, long One)
{
    public long this[int region] => region == 0 ? Zero : One;

    /// <summary>The region that a fact is in or will be in, if any; -1 if it is older than both.</summary>
    public int RegionOf(long fact)
    {
        var newer = One > Zero ? 1 : 0;
        return this[newer] <= fact && this[newer] >= 0 ? newer : this[1 - newer] <= fact && this[1 - newer] >= 0 ? 1 - newer : -1;
    }
}
