using AutoTune.Execution;

namespace AutoTune;

/// <summary>The verb that makes a study evaluate its trials in processes of their own.</summary>
public static class WorkerProcessExtensions
{
    /// <summary>
    /// Evaluates trials in worker processes: this program is started again, as often as trials are to run at a time, and what reaches the study of this
    /// name there takes trials instead of searching. A crash, a hang or a leak then costs an attempt, not the study.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="workers">How many processes, and trials at a time; 1 or more.</param>
    /// <param name="options">Limits of time and memory, environment, what is started; null: the defaults.</param>
    /// <remarks>
    /// A worker runs the program from its beginning, with its arguments: what comes before the study, such as loading data, happens in each; a study of
    /// another name is not run again but has its result at once; what comes after the study is never reached, nor are enclosing <c>finally</c> blocks.
    /// <see cref="WorkerProcess.IsCurrent"/> tells a program which it is. What workers print during a trial goes to <c>console.txt</c> in its artifact
    /// directory, and their standard input is empty. The same seed gives a trial the same random numbers as in process. Where workers cannot be
    /// started the study ends with a <see cref="WorkerProcessException"/>. Studies of <c>Open</c>, with your own loop, evaluate where that runs.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static T InWorkerProcesses<T>(this T study, int workers, WorkerOptions? options = null) where T : StudyBuilder
    {
        var validated = (options ?? new WorkerOptions()).Validated();
        study.Demand(workers >= 1, $"worker processes {workers} must be at least 1; leave InWorkerProcesses out to run trials in this process.");
        study.Settings.Executor = null;
        study.Settings.Workers = new Studies.WorkerSettings(workers, validated);
        return study;
    }
}
