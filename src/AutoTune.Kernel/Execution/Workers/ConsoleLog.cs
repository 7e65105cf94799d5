namespace AutoTune.Execution;

/// <summary>The file that holds what a trial wrote to the console: made when there is something, behind what earlier attempts wrote, bounded.</summary>
/// <remarks>Not thread-safe. A disk that takes no more costs the output, not the trial.</remarks>
internal sealed class ConsoleLog(string path) : IDisposable
{
    /// <summary>The name of the file in a trial's artifact directory.</summary>
    public const string FileName = "console.txt";

    /// <summary>How large the file may become: a trial that prints without end must not fill the disk.</summary>
    private const long MaxLength = 1 << 20;

    private FileStream? _file;
    private bool _isFull;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_isFull || bytes.IsEmpty) return;
        try
        {
            _file ??= Open();
            var left = MaxLength - _file.Length;
            _file.Write(bytes[..(int)Math.Min(bytes.Length, Math.Max(0, left))]);
            _isFull = bytes.Length > left;
            if (_isFull) _file.Write("\n(The rest was left out: this file is kept to 1 MB.)\n"u8);
            _file.Flush();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _isFull = true;
        }
    }

    public void Dispose()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // What could not be written is lost.
        }
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }
}
