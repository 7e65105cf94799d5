using System.Collections.Concurrent;
using System.Diagnostics;
using AutoTune.Execution;
using AutoTune.Studies;
using AutoTune.Workers.Program;

namespace AutoTune.Kernel.Tests.Execution;

/// <summary>Studies whose workers are the test program.</summary>
internal static class WorkerRuns
{
    private static readonly ConcurrentBag<string> Folders = [];

    public static WorkerOptions Options(params string[] arguments) => new()
    {
        Program = ProgramStudies.Path, Arguments = [.. arguments], GraceTime = TimeSpan.FromMilliseconds(200), RunInProcess = false,
    };

    public static ITrialExecutor Executor(StudyBuilder study, int slots, params string[] arguments)
    {
        var definition = WorkerStudies.DefinitionOf(study.Settings, study.Settings.Space!());
        return new WorkerProcessExecutor(new WorkerPlan(new StudyAddress(study.Name, 0), definition, Options(arguments), _ => EarlierStudy.Unknown), slots, TimeProvider.System);
    }

    /// <summary>A study of which the objective in the workers behaves as said.</summary>
    public static Task<StudyResult> Toy(string behaviour, int workers = 1, int trials = 4, Func<StudyBuilder, StudyBuilder>? change = null,
        Func<WorkerOptions, WorkerOptions>? options = null, CancellationToken cancellationToken = default)
    {
        var study = InPlace(ProgramStudies.Toy()).ForTrials(trials).InWorkerProcesses(workers, (options ?? (same => same))(Options("toy", behaviour)));
        return (change ?? (same => same))(study).RunAsync(trial => throw new InvalidOperationException("evaluated in this process"), cancellationToken);
    }

    /// <summary>Artifacts in a new folder: what an earlier run of the tests left there would be taken for an earlier attempt.</summary>
    public static StudyBuilder InPlace(StudyBuilder study) => study.SaveArtifactsIn(NewFolder());

    public static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("autotune-workers-").FullName;
        Folders.Add(folder);
        return folder;
    }

    public static void DeleteFolders()
    {
        foreach (var folder in Folders) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Runs the test program as one that starts workers itself.</summary>
    public static Process Start(params string[] arguments)
    {
        var program = new ProcessStartInfo(Path.ChangeExtension(ProgramStudies.Path, OperatingSystem.IsWindows() ? ".exe" : null), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        program.Environment.Remove("AUTOTUNE_IN_PROCESS");
        return Process.Start(program)!;
    }

    /// <summary>Waits for something that another process does.</summary>
    public static async Task<T> Until<T>(Func<T?> look, string what) where T : class
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60); await Task.Delay(20))
        {
            if (look() is { } seen) return seen;
        }

        throw new TimeoutException($"{what} did not happen within a minute");
    }
}
