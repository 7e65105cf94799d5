using System.Buffers.Binary;

namespace AutoTune.Sqlite;

/// <summary>A copy of a file whose first page, which says where the tables begin, is that of a new file: all study files begin alike.</summary>
/// <remarks>
/// The fields are those of sqlite.org/fileformat2.html, section 1.3. A file that was brought up from version 1 has its tables elsewhere; what
/// is then read is not whole by its checksums, and nothing is kept of it.
/// </remarks>
internal sealed class FirstPage : IDisposable
{
    private const int PageLength = 4096, ChangeCounter = 24, PageCount = 28, FirstFreePage = 32, FreePages = 36, ValidForChange = 92;

    private FirstPage(string path) => Path = path;

    public string Path { get; }

    public static FirstPage Renew(string path)
    {
        var (copy, empty) = (path + ".repair", path + ".repair-empty");
        try
        {
            using (StudyDatabase.OpenForWriting(empty, Durability.ProcessCrash)) { }
            var page = File.ReadAllBytes(empty).AsSpan(0, PageLength);
            File.Copy(path, copy, overwrite: true);
            using var file = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite);
            BinaryPrimitives.WriteUInt32BigEndian(page[PageCount..], (uint)(file.Length / PageLength));
            page[ChangeCounter..(ChangeCounter + 4)].CopyTo(page[ValidForChange..]);
            page[FirstFreePage..(FreePages + 4)].Clear();
            file.Write(page);
        }
        catch (Exception error) when (FileProblem.IsOfFile(error))
        {
            throw FileProblem.Of(error, path);
        }
        finally
        {
            File.Delete(empty);
        }

        return new FirstPage(copy);
    }

    public void Dispose()
    {
        foreach (var end in new[] { "", "-wal", "-shm" }) File.Delete(Path + end);
    }
}
