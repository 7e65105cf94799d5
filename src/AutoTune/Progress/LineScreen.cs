using System.Collections.Concurrent;

namespace AutoTune.Progress;

/// <summary>Writes plain lines, on a thread of its own: a pipe that nobody reads from must not hold up the study.</summary>
internal sealed class LineScreen(Action<string> write) : IProgressScreen
{
    private readonly ProgressLines _lines = new();
    private readonly BlockingCollection<string> _queue = [];
    private Func<ProgressFrame>? _now;
    private Thread? _writer;

    public void Begin(Func<ProgressFrame> now)
    {
        _now = now;
        _writer = new Thread(Write) { IsBackground = true, Name = "AutoTune progress" };
        _writer.Start();
    }

    public void OnFact(ProgressFrame frame)
    {
        foreach (var line in _lines.Next(frame)) _queue.Add(line);
    }

    public void End()
    {
        OnFact(_now!());
        _queue.CompleteAdding();
        _writer!.Join();
        _queue.Dispose();
    }

    private void Write()
    {
        foreach (var line in _queue.GetConsumingEnumerable())
        {
            try
            {
                write(line);
            }
            catch (Exception)
            {
                // The reader of the pipe is gone, or the terminal is: the study goes on without an audience.
            }
        }
    }
}
