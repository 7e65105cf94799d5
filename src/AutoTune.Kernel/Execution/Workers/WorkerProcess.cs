using AutoTune.Execution;

namespace AutoTune;

/// <summary>Whether this process is a worker of a study, see <see cref="WorkerProcessExtensions.InWorkerProcesses{T}"/>.</summary>
/// <remarks>Thread-safe.</remarks>
public static class WorkerProcess
{
    /// <summary>
    /// True in a process that a study started to evaluate its trials. A program asks it to leave out what only the first process may do before
    /// the study, such as deleting old results; what comes after the study is never reached in a worker.
    /// </summary>
    public static bool IsCurrent => WorkerHost.Current is not null;

    /// <summary>
    /// Which of the study's workers this process is, counted from 0; null if it is none. No two that run at a time have the same, so it can choose among
    /// what may not be shared: a device, a port. A worker that takes the place of one that ended has its number.
    /// </summary>
    public static int? Number => WorkerHost.Current?.Number;
}
