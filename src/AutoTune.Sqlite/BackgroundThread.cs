using System.Collections.Concurrent;

namespace AutoTune.Sqlite;

/// <summary>A thread for work that somebody may come to wait for.</summary>
/// <remarks>Not one of the pool: those may all be busy with objectives, and the work would lie there until one of them ends.</remarks>
internal sealed class BackgroundThread : IDisposable
{
    private readonly BlockingCollection<Task> _work = [];
    private readonly Thread _thread;

    public BackgroundThread(string name)
    {
        _thread = new Thread(() =>
        {
            foreach (var task in _work.GetConsumingEnumerable()) task.RunSynchronously(TaskScheduler.Default);
        }) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Does it after all before it.</summary>
    public Task Run(Action action)
    {
        var task = new Task(action);
        _work.Add(task);
        return task;
    }

    /// <summary>Returns when all is done.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }
}
