using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Measuring;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Simulating;

/// <summary>Simulates every method on every problem that has a fidelity, with every number of slots and every seed, and writes a line a study as each ends.</summary>
internal sealed class SimulateCommand(CommandLine arguments, ProblemFolder folder)
{
    private readonly Lock _lock = new();

    /// <summary>Proves the evaluators, then simulates.</summary>
    /// <exception cref="ProblemException">An evaluator gives another loss than its problem states, or no problem has a fidelity.</exception>
    public async Task ExecuteAsync()
    {
        var methods = Method.Choose(arguments.Methods, arguments.Tuners, arguments.Schedulers);
        var file = arguments.Out is [var only] ? only : throw new ProblemException("simulate writes one file; give --out FILE once.");
        using var factory = new EvaluatorFactory(folder);
        ImmutableArray<(Arena Arena, Ladder Ladder)> arenas = [.. folder.Problems.Select(problem => (Problem: problem, Ladder: Ladder.Of(problem, arguments.Epochs)))
            .Where(entry => entry.Ladder is not null)
            .Select(entry => (new Arena(entry.Problem, new ProblemSpace(entry.Problem), factory.Create(entry.Problem).Evaluator), entry.Ladder!))];
        if (arenas.IsEmpty) throw new ProblemException("None of these problems has a fidelity, so there are no steps to simulate.");
        Console.WriteLine($"{arenas.Length} problems with a fidelity; their evaluators agree with the check points.");

        var done = arguments.Append && File.Exists(file)
            ? SimulationRecord.ReadFile(file).Select(run => (run.Peer, run.Problem, run.Slots, run.Seed)).ToHashSet()
            : [];
        ImmutableArray<SimulationRun> runs = [.. // seed by seed, so that a run that is cut short has something of everything
            from seed in arguments.Seeds
            from slots in arguments.Slots
            from arena in arenas
            from method in methods
            where !done.Contains((RunRecord.OurPrefix + method, arena.Arena.Problem.Name, slots, seed))
            select new SimulationRun(method, arena.Arena, arena.Ladder, seed, slots, arguments.Budget, arguments.Uneven)];

        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } directory) Directory.CreateDirectory(directory);
        var writer = new StreamWriter(file, arguments.Append) { AutoFlush = true };
        await using var _ = writer.ConfigureAwait(false);
        var start = TimeProvider.System.GetTimestamp();
        var finished = 0;
        await Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = arguments.Parallel }, async (run, _) =>
        {
            var record = await run.ExecuteAsync().ConfigureAwait(false);
            lock (_lock)
            {
                writer.WriteLine(record.ToLine());
                finished++;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{finished,5}/{runs.Length} {run.Method,-22} {run.Arena.Problem.Name,-22} {run.Slots,2} slots seed {run.Seed,2}  {record.Trials,5} trials {record.Finished,5} completed  regret {Regret(run, record.Incumbents),8} %, completed {Regret(run, record.Completed),8} %  busy {100 * record.Busy,5:0.0} %  {record.Seconds,6:0.00} s"));
                if (record.Stop.Length > 0) Console.WriteLine($"      ended early: {record.Stop}");
                if (record.FinishedEarly > 0) Console.WriteLine($"      {record.FinishedEarly} trials completed below full fidelity");
                if (record.TunerFailures > 0) Console.WriteLine($"      the tuner failed {record.TunerFailures} times");
            }
        }).ConfigureAwait(false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{runs.Length} studies in {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0} s, written to {file}."));
    }

    private static string Regret(SimulationRun run, ImmutableArray<Change> changes)
        => changes.IsEmpty ? "-" : (100 * run.Arena.Problem.Regret(changes[^1].Loss)).ToString("0.000", CultureInfo.InvariantCulture);
}
