using System.Buffers.Binary;
using System.Globalization;
using AutoTune.Journals;
using Microsoft.Win32.SafeHandles;

namespace AutoTune.Sqlite;

/// <summary>The newest facts of a study, which are not in its database yet: a small file beside it, <c>study.db-tail-N</c> for study number N.</summary>
/// <remarks>
/// Handing a few bytes to the operating system takes a microsecond, a transaction of SQLite's thirty: so a fact goes here at once, and
/// with many others into the database. Two regions take turns: one is filled while the other one's facts go into the database. A region is
/// the number of its first fact, then frames, then zeros; it holds good if its first fact is the next after those of the database. The file
/// begins with a token of its writer's, which the database has, too: a file that was left by another one is no part of the study.
/// </remarks>
internal sealed class TailFile : IDisposable
{
    /// <summary>How many bytes of frames a region takes.</summary>
    public const int Capacity = 256 * 1024;

    /// <summary>The length of the number of a region's first fact, which its frames follow.</summary>
    public const int FirstLength = sizeof(long);

    /// <summary>The length of a token.</summary>
    public const int TokenLength = 16;

    private const int HeaderLength = 64;
    private const int EndLength = 8;
    private const int RegionLength = FirstLength + Capacity + EndLength;
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly byte[] _bytes = new byte[RegionLength];

    private TailFile(SafeFileHandle file, string path) => (_file, _path) = (file, path);

    public static string PathOf(string databasePath, long study) => string.Create(CultureInfo.InvariantCulture, $"{databasePath}-tail-{study}");

    /// <summary>Where in the file a region begins.</summary>
    public static int PlaceOf(int region) => HeaderLength + region * RegionLength;

    /// <summary>An empty one in place of any that is there.</summary>
    /// <exception cref="JournalException">It cannot be made.</exception>
    public static TailFile Create(string databasePath, long study, ReadOnlySpan<byte> token)
    {
        var path = PathOf(databasePath, study);
        try
        {
            // Bytewise made anew, not cut to nothing: a full disk shall say so now.
            var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var header = new byte[HeaderLength];
            token.CopyTo(header);
            RandomAccess.Write(file, header, 0);
            return new TailFile(file, databasePath);
        }
        catch (Exception error) when (FileProblem.IsOfFile(error))
        {
            throw FileProblem.Of(error, databasePath);
        }
    }

    /// <summary>Adds frames to a region.</summary>
    /// <param name="region">0 or 1.</param>
    /// <param name="first">The number of the region's first fact.</param>
    /// <param name="offset">How many bytes of frames the region has.</param>
    /// <param name="frames">The frames.</param>
    /// <exception cref="JournalException">They cannot be written.</exception>
    public void Write(int region, long first, int offset, ReadOnlySpan<byte> frames)
    {
        // One call for all of it, with zeros behind that the next frames replace: older frames may follow there.
        var start = offset == 0 ? FirstLength : 0;
        if (start > 0) BinaryPrimitives.WriteInt64LittleEndian(_bytes, first);
        frames.CopyTo(_bytes.AsSpan(start));
        _bytes.AsSpan(start + frames.Length, EndLength).Clear();
        try
        {
            RandomAccess.Write(_file, _bytes.AsSpan(0, start + frames.Length + EndLength), PlaceOf(region) + offset + FirstLength - start);
        }
        catch (Exception error) when (FileProblem.IsOfFile(error))
        {
            throw FileProblem.Of(error, _path);
        }
    }

    /// <summary>Returns when the disk has all.</summary>
    /// <exception cref="JournalException">The disk failed.</exception>
    public void FlushToDisk()
    {
        try
        {
            RandomAccess.FlushToDisk(_file);
        }
        catch (Exception error) when (FileProblem.IsOfFile(error))
        {
            throw FileProblem.Of(error, _path);
        }
    }

    /// <summary>What the file of a study holds; null if there is none.</summary>
    /// <exception cref="JournalException">It cannot be read.</exception>
    public static TailContent? Read(string databasePath, long study)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(databasePath, study), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[Math.Min(RandomAccess.GetLength(file), HeaderLength + 2 * RegionLength)];
            var length = RandomAccess.Read(file, bytes, 0);
            return length < HeaderLength ? null : new TailContent(bytes.AsMemory(0, length));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (FileProblem.IsOfFile(error))
        {
            throw FileProblem.Of(error, databasePath);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>A tail file's bytes as of some moment.</summary>
    internal sealed class TailContent(ReadOnlyMemory<byte> bytes)
    {
        public bool IsOf(ReadOnlySpan<byte> token) => bytes.Span[..TokenLength].SequenceEqual(token);

        /// <summary>The frames from a fact on, if a region begins with it; what follows the last whole one is to be left out.</summary>
        public ReadOnlySpan<byte> FramesFrom(long first)
        {
            for (var region = 0; region < 2; region++)
            {
                var start = PlaceOf(region);
                if (bytes.Length <= start + FirstLength) break;
                var span = bytes.Span[start..Math.Min(start + RegionLength, bytes.Length)];
                if (BinaryPrimitives.ReadInt64LittleEndian(span) == first) return span[FirstLength..];
            }

            return [];
        }
    }
}
