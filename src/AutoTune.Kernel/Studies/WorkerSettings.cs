using System.Diagnostics;
using AutoTune.Execution;

namespace AutoTune.Studies;

/// <summary>That a study's trials run in worker processes.</summary>
internal sealed record WorkerSettings(int Workers, WorkerOptions Options)
{
    private const string Variable = "AUTOTUNE_IN_PROCESS";

    /// <summary>Whether they run in this process after all.</summary>
    /// <param name="surprise">Why, where the program does not say it itself.</param>
    public bool RunInProcess(out string? surprise)
    {
        surprise = WorkerProcess.IsCurrent ? "this is a worker process itself"
            : Options.RunInProcess is not null ? null
            // A breakpoint in an objective would never be met in another process.
            : Debugger.IsAttached ? "a debugger is attached"
            : Environment.GetEnvironmentVariable(Variable) == "1" ? $"the environment variable {Variable} says so"
            : null;
        return surprise is not null || Options.RunInProcess == true;
    }
}
