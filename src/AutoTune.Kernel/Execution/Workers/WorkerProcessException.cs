namespace AutoTune;

/// <summary>Worker processes cannot be started, do not reach their study, or one ended under a trial. The message says how, and what it wrote last.</summary>
public sealed class WorkerProcessException : Exception
{
    internal WorkerProcessException(string message, Exception? cause = null) : base(message, cause) { }
}
