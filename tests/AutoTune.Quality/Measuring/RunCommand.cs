using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Measuring;

/// <summary>Runs every tuner on every problem with every seed, and writes a line a run as each ends.</summary>
internal sealed class RunCommand(CommandLine arguments, ProblemFolder folder)
{
    private readonly Lock _lock = new();

    /// <summary>Proves the evaluators, then runs.</summary>
    /// <exception cref="ProblemException">An evaluator gives another loss than its problem states.</exception>
    public void Execute()
    {
        var tuners = TunerTable.Choose(arguments.Tuners);
        var file = arguments.Out is [var only] ? only : throw new ProblemException("run writes one file; give --out FILE once.");
        using var factory = new EvaluatorFactory(folder);
        ImmutableArray<Arena> arenas = [.. folder.Problems.Select(problem => new Arena(problem, new ProblemSpace(problem), factory.Create(problem).Evaluator))];
        Console.WriteLine($"{arenas.Length} problems; their evaluators agree with the check points.");

        var done = arguments.Append && File.Exists(file)
            ? RunRecord.ReadFile(file).Where(run => run.Best.Length == arguments.Trials).Select(run => (run.Peer, run.Problem, run.Seed)).ToHashSet()
            : [];
        ImmutableArray<StudyRun> runs = [.. // seed by seed, so that a run that is cut short has something of everything
            from seed in arguments.Seeds
            from arena in arenas
            from tuner in tuners
            where !done.Contains((RunRecord.OurPrefix + tuner, arena.Problem.Name, seed))
            select new StudyRun(tuner, arena, seed, arguments.Trials, arguments.Slots[0])];

        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } directory) Directory.CreateDirectory(directory);
        using var writer = new StreamWriter(file, arguments.Append) { AutoFlush = true };
        var start = TimeProvider.System.GetTimestamp();
        var finished = 0;
        Parallel.ForEach(runs, new ParallelOptions { MaxDegreeOfParallelism = arguments.Parallel }, run =>
        {
            var (record, failure) = run.Execute();
            lock (_lock)
            {
                writer.WriteLine(record.ToLine());
                finished++;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{finished,5}/{runs.Length} {run.Tuner,-14} {run.Arena.Problem.Name,-26} seed {run.Seed,2}  regret {100 * run.Arena.Problem.Regret(record.Best[^1]),8:0.000} %  {record.Seconds,7:0.00} s{(record.Fallbacks > 0 ? $"  {record.Fallbacks} at random" : "")}"));
                if (failure is not null) Console.WriteLine($"      the tuner failed: {failure}");
            }
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{runs.Length} runs in {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0} s, written to {file}."));
    }
}
