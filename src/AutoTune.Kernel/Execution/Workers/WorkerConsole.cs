using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AutoTune.Execution;

/// <summary>Takes what a worker writes to its console: during a trial into the trial's log, and always the last lines for messages.</summary>
/// <remarks>Thread-safe. A thread a stream, so that the worker never waits for somebody to read.</remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "A trial's end, or the process's, closes the log.")]
internal sealed class WorkerConsole
{
    private const int TailLength = 4096;
    private const int KeptLength = 16384; // an abort prints its reason first, and frames of the stack after it
    private const string NativeReason = "what():";
    private static readonly TimeSpan MarkPatience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<byte> _tail = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _marked; // done when both streams have come to the end of the trial
    private ConsoleLog? _log;
    private int _marksToCome;
    private int _streams = 2;
    private bool _isMarking = true;

    public WorkerConsole(Stream output, Stream error)
    {
        foreach (var stream in new[] { output, error }) new Thread(() => Read(stream)) { IsBackground = true, Name = "AutoTune worker's console" }.Start();
    }

    /// <summary>The last lines, for a message.</summary>
    public string Tail
    {
        get
        {
            lock (_lock) return Encoding.UTF8.GetString([.. _tail.Skip(_tail.Count - TailLength)]).Trim();
        }
    }

    /// <summary>What a native exception said that nobody caught and that ended the process, as C++ prints it; null if none did.</summary>
    public string? NativeError
    {
        get
        {
            string kept;
            lock (_lock) kept = Encoding.UTF8.GetString([.. _tail]);
            return kept.LastIndexOf(NativeReason, StringComparison.Ordinal) is >= 0 and var at ? kept[(at + NativeReason.Length)..].TrimStart().Split('\n')[0].TrimEnd() : null;
        }
    }

    /// <summary>A trial begins: what is written from now on is its.</summary>
    public void Begin(string path)
    {
        lock (_lock)
        {
            _log = new ConsoleLog(path);
            _marksToCome = 2;
            _marked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The trial has ended: waits until all that it wrote is in its log.</summary>
    public async Task EndAsync(TimeProvider time)
    {
        var marked = _marked!.Task;
        if (_isMarking && !marked.IsCompleted)
        {
            await Task.WhenAny(marked, Task.Delay(MarkPatience, time)).ConfigureAwait(false);
            _isMarking = marked.IsCompleted; // a program that closed its console is not waited for again
        }

        Close();
    }

    /// <summary>The process has ended: waits until all that it wrote has come, or a moment, where a process of its own still holds the streams.</summary>
    public async Task EndWithProcessAsync(TimeProvider time)
    {
        await Task.WhenAny(_ended.Task, Task.Delay(MarkPatience, time)).ConfigureAwait(false);
        Close();
    }

    private void Close()
    {
        lock (_lock)
        {
            _log?.Dispose();
            _log = null;
        }
    }

    private void Read(Stream stream)
    {
        var buffer = new byte[8192];
        var held = 0; // bytes at the buffer's start that may be the beginning of a mark
        try
        {
            while (stream.Read(buffer.AsSpan(held)) is > 0 and var count)
            {
                var taken = Take(buffer.AsSpan(0, held + count));
                held = held + count - taken;
                buffer.AsSpan(taken, held).CopyTo(buffer);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // As good as its end.
        }

        stream.Dispose();
        lock (_lock)
        {
            Keep(buffer.AsSpan(0, held));
            if (--_streams == 0) _ended.TrySetResult();
        }
    }

    /// <returns>How many bytes were dealt with; the rest may be the beginning of a mark.</returns>
    private int Take(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            var mark = WorkerConsoleMark.Bytes;
            var start = 0;
            while (bytes[start..].IndexOf(mark[0]) is >= 0 and var offset)
            {
                var at = start + offset;
                Keep(bytes[start..at]);
                var rest = bytes[at..];
                if (rest.StartsWith(mark))
                {
                    if (--_marksToCome == 0) _marked?.TrySetResult();
                    start = at + mark.Length;
                }
                else if (mark.StartsWith(rest))
                {
                    return at;
                }
                else
                {
                    Keep(rest[..1]);
                    start = at + 1;
                }
            }

            Keep(bytes[start..]);
            return bytes.Length;
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        _log?.Append(bytes);
        foreach (var one in bytes[Math.Max(0, bytes.Length - KeptLength)..]) _tail.Enqueue(one);
        while (_tail.Count > KeptLength) _tail.Dequeue();
    }
}
