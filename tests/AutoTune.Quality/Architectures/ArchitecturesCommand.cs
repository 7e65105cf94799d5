using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Measuring;
using AutoTune.Quality.Problems;
using AutoTune.Quality.Reporting;

namespace AutoTune.Quality.Architectures;

/// <summary>After how many trials tuners find one of the best hundredth of a problem's cells.</summary>
internal sealed class ArchitecturesCommand(CommandLine arguments, ProblemFolder folder)
{
    private static readonly int[] Marks = [25, 40, 100];

    private static readonly ImmutableArray<(string Name, Func<StudyBuilder, ImmutableArray<TunableCell>, StudyBuilder> Use)> Tuners =
    [
        ("random", (study, _) => study.UseRandom()),
        ("genetic", (study, _) => study.UseGenetic()),
        ("portfolio", (study, _) => study.UsePortfolio()),
        ("bayesian", (study, _) => study.UseBayesian()),
        ("label kernel", (study, cells) => study.UseTuner("label kernel", (space, random) => new LabelKernelTuner(space, cells[0], random))),
        ("architecture search", (study, cells) => study.UseArchitectureSearch(cells)),
    ];

    /// <summary>Runs the studies, and writes a table of each problem that has cells.</summary>
    public string Write()
    {
        var seeds = arguments.Seeds.IsEmpty ? [.. Enumerable.Range(0, 20)] : arguments.Seeds;
        using var factory = new EvaluatorFactory(folder);
        var text = new StringBuilder();
        foreach (var problem in folder.Problems)
        {
            var arena = new Arena(problem, new ProblemSpace(problem), factory.Create(problem).Evaluator);
            var cells = ProblemCells.Of(problem, arena.Space.Space);
            if (cells.IsEmpty) continue;
            var all = AllLosses(arena);
            var (hundredth, best) = (all[all.Length / 100 - 1], all[0]);
            text.AppendLine(CultureInfo.InvariantCulture, $"{problem.Name}: {all.Length} cells, the best hundredth has losses up to {hundredth:G6}, the best {best:G6}. {seeds.Length} seeds, {arguments.Trials} trials.");
            text.AppendLine(CultureInfo.InvariantCulture, $"| tuner | trials to the best hundredth: median (quartiles) | found within 40 | mean regret in % after {string.Join(" / ", Marks)} | the best found | ms a trial |");
            text.AppendLine("|---|---|---|---|---|---|");
            foreach (var (name, use) in Tuners)
            {
                if (!arguments.Tuners.IsEmpty && !arguments.Tuners.Contains(name.Replace(' ', '-'))) continue;
                var runs = seeds.AsParallel().AsOrdered().WithDegreeOfParallelism(arguments.Parallel).Select(seed => Run(arena, study => use(study, cells), seed)).ToList();
                var first = Quartiles.Of(runs.Select(run => Array.FindIndex(run.Best, loss => loss <= hundredth) is >= 0 and var at ? at + 1 : double.PositiveInfinity));
                text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {first.Median:0.#} ({first.Lower:0.#} to {first.Upper:0.#}) | {runs.Count(run => run.Best.Take(40).Any(loss => loss <= hundredth))} of {runs.Count} | {string.Join(" / ", Marks.Where(mark => mark <= arguments.Trials).Select(mark => (100 * runs.Average(run => problem.Regret(run.Best[mark - 1]))).ToString("0.00", CultureInfo.InvariantCulture)))} | {runs.Count(run => run.Best[^1] <= best)} of {runs.Count} | {runs.Average(run => run.Milliseconds):0.0} |");
            }
        }

        return text.ToString();
    }

    private (double[] Best, double Milliseconds) Run(Arena arena, Func<StudyBuilder, StudyBuilder> use, int seed)
    {
        using var study = use(new StudyBuilder(arena.Problem.Name).WithSearchSpace(arena.Space.Space).WithSeed(seed).ForTrials(arguments.Trials)).Open();
        var best = new double[arguments.Trials];
        var least = double.PositiveInfinity;
        var start = TimeProvider.System.GetTimestamp();
        for (var t = 0; t < best.Length; t++)
        {
            if (study.Ask() is { } trial)
            {
                var loss = arena.Evaluator.Loss(arena.Space.PointOf(trial.Configuration));
                if (double.IsFinite(loss)) least = Math.Min(least, loss);
                study.Tell(trial, loss);
            }

            best[t] = least;
        }

        return (best, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds / best.Length);
    }

    private static double[] AllLosses(Arena arena)
    {
        var space = arena.Space.Space;
        var unit = new double[space.Encoding.Dimensions.Length];
        var losses = new List<double>();
        for (var row = 0L; row < space.Cardinality(); row++)
        {
            var left = row;
            for (var j = 0; j < unit.Length; j++)
            {
                unit[j] = space.Encoding.Dimensions[j].UnitOfLevel(left % space.Encoding.Dimensions[j].Levels!.Value);
                left /= space.Encoding.Dimensions[j].Levels!.Value;
            }

            losses.Add(arena.Evaluator.Loss(arena.Space.PointOf(space.Encoding.Decode(unit))));
        }

        return [.. losses.Order()];
    }
}
