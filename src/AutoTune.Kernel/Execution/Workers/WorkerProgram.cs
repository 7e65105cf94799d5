using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace AutoTune.Execution;

/// <summary>What is started as a worker: this program once more, or the one that the options name.</summary>
internal static class WorkerProgram
{
    private const string Remedy = "Name the program that reaches the study in WorkerOptions.Program, or run the trials in this process: "
        + "WorkerOptions.RunInProcess = true, or the environment variable AUTOTUNE_IN_PROCESS=1.";

    /// <summary>Assemblies that run tests: their program, started again, would run the tests again.</summary>
    private static readonly string[] TestRunners = ["testhost", "testhost.x86", "Microsoft.Testing.Platform", "xunit.console", "xunit.v3.runner.inproc.console", "nunit3-console"];

    /// <exception cref="WorkerProcessException">There is nothing to start.</exception>
    public static ProcessStartInfo Describe(WorkerOptions options)
    {
        var start = options.Program is { } program ? Named(program, options.Arguments ?? []) : ThisOne(options.Arguments);
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment.TryAdd("OMP_NUM_THREADS", options.ThreadsPerWorker.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in options.Environment) start.Environment[name] = value;
        return start;
    }

    /// <summary>The program's name for messages.</summary>
    public static string NameOf(ProcessStartInfo start) => string.Join(' ', [start.FileName, .. start.ArgumentList]);

    /// <summary>An error of the start.</summary>
    /// <param name="why">What is wrong.</param>
    /// <param name="cause">The exception behind it.</param>
    /// <param name="wrote">What the program wrote last.</param>
    public static WorkerProcessException CannotStart(string why, Exception? cause = null, string wrote = "")
        => new($"Worker processes cannot be started: {why} {Remedy}{(wrote.Length > 0 ? $" The program wrote last:\n{wrote}" : "")}", cause);

    private static ProcessStartInfo ThisOne(ImmutableArray<string>? arguments)
    {
        if (Array.Find(AppDomain.CurrentDomain.GetAssemblies(), assembly => TestRunners.Contains(assembly.GetName().Name, StringComparer.OrdinalIgnoreCase)) is { } runner)
            throw CannotStart($"this program runs tests ({runner.GetName().Name}), and started again it would run them again.");
        if (Environment.ProcessPath is not { } path || Assembly.GetEntryAssembly() is null)
            throw CannotStart("this program was not started as a .NET program of its own, but inside another one, and cannot be started again.");

        // The first is the program itself: the .dll, also where an executable of its own loaded it.
        var line = Environment.GetCommandLineArgs();
        var given = arguments ?? [.. line.Skip(1)];
        return IsDotnet(path) ? new ProcessStartInfo(path, ["exec", line[0], .. given]) : new ProcessStartInfo(path, given);
    }

    private static ProcessStartInfo Named(string program, ImmutableArray<string> arguments)
    {
        if (!File.Exists(program)) throw CannotStart($"WorkerOptions.Program '{program}' is not there.");
        return program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? new ProcessStartInfo(DotnetHost(), ["exec", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
    }

    private static string DotnetHost() => Environment.ProcessPath is { } path && IsDotnet(path) ? path : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static bool IsDotnet(string path) => string.Equals(Path.GetFileNameWithoutExtension(path), "dotnet", StringComparison.OrdinalIgnoreCase);
}
