namespace AutoTune.Execution;

/// <summary>What a worker writes to both of its console streams at the end of a trial, so that its parent knows which output is whose.</summary>
internal static class WorkerConsoleMark
{
    /// <summary>Begins with a byte that text hardly ever has.</summary>
    public static ReadOnlySpan<byte> Bytes => "\u001eAutoTune: end of trial\u001e"u8;

    /// <summary>Marks the end, behind everything that was printed so far.</summary>
    public static void Write(Stream output, Stream error)
    {
        try
        {
            Console.Out.Flush();
            Console.Error.Flush();
            NativeProcess.FlushNativeOutput();
            output.Write(Bytes);
            output.Flush();
            error.Write(Bytes);
            error.Flush();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The program has closed its console; the parent waits for the mark a moment, and not again.
        }
    }
}
