using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Measuring;
using AutoTune.Quality.Problems;
using AutoTune.Tuners.Reinforcement;

namespace AutoTune.Quality.Transferring;

/// <summary>What the first trials reach on a problem when studies on other tasks of its scenario came before.</summary>
internal sealed class TransferCommand(CommandLine arguments, ProblemFolder folder)
{
    private const int Tasks = 5, EarlierTrials = 100, Trials = 25;
    private static readonly int[] Marks = [5, 10, 25];

    private static readonly ImmutableArray<(string Name, Func<StudyBuilder, ImmutableArray<StudyView>, StudyBuilder> Use)> Methods =
    [
        ("random", (study, _) => study.UseRandom()),
        ("bayesian", (study, _) => study.UseBayesian()),
        ("reinforcement", (study, _) => study.UseReinforcement()),
        ("earlier best+random", (study, earlier) => TryBest(study, earlier, Trials).UseRandom()),
        ("earlier best+bayesian", (study, earlier) => TryBest(study, earlier, Tasks).UseBayesian()),
        ("reinforcement+earlier", (study, earlier) => study.UseReinforcement(new ReinforcementOptions { Earlier = earlier })),
    ];

    /// <summary>Runs the studies, and writes tables: the medians over seeds of each problem, and their means.</summary>
    public string Write()
    {
        var seeds = arguments.Seeds.IsEmpty ? [.. Enumerable.Range(0, 10)] : arguments.Seeds;
        using var factory = new EvaluatorFactory(folder);
        var tasks = new EarlierTasks(folder, factory, Tasks, EarlierTrials);
        var problems = folder.Problems.Where(problem => !problem.IsFunction && (arguments.Scenarios.IsEmpty || arguments.Scenarios.Contains(EarlierTasks.ScenarioOf(problem))) && tasks.CountOf(problem) > 0).ToList();
        var methods = arguments.Methods.IsEmpty ? Methods : [.. Methods.Where(method => arguments.Methods.Contains(method.Name))];
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Median regret in % after {string.Join(" / ", Marks)} trials, then its mean over all {Trials}, {seeds.Length} seeds; before: random search of {EarlierTrials} trials on up to {Tasks} other tasks, drawn anew for each seed.");
        text.AppendLine(CultureInfo.InvariantCulture, $"| problem | tasks | {string.Join(" | ", methods.Select(method => method.Name))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|---|{string.Concat(methods.Select(_ => "---|"))}");
        var regrets = new double[methods.Length][][]; // by method, mark (the mean over all trials is the last one), problem
        for (var m = 0; m < methods.Length; m++) regrets[m] = [.. Enumerable.Range(0, Marks.Length + 1).Select(_ => new double[problems.Count])];
        for (var p = 0; p < problems.Count; p++)
        {
            var problem = problems[p];
            var arena = new Arena(problem, new ProblemSpace(problem), factory.Create(problem).Evaluator);
            var earlier = seeds.Select(seed => tasks.StudiesOf(problem, seed)).ToArray();
            for (var m = 0; m < methods.Length; m++)
            {
                var use = methods[m].Use;
                var runs = Enumerable.Range(0, seeds.Length).AsParallel().AsOrdered().WithDegreeOfParallelism(arguments.Parallel).Select(s => Run(arena, use, earlier[s], seeds[s])).ToList();
                double[] medians = [.. Enumerable.Range(0, Trials).Select(t => 100 * problem.Regret(Median(runs.Select(run => run[t]))))];
                for (var k = 0; k < Marks.Length; k++) regrets[m][k][p] = medians[Marks[k] - 1];
                regrets[m][^1][p] = medians.Average();
            }

            text.AppendLine(CultureInfo.InvariantCulture, $"| {problem.Name} | {tasks.CountOf(problem)} | {string.Join(" | ", methods.Select((_, m) => Row(regrets[m].Select(mark => mark[p]))))} |");
            Console.Error.WriteLine(problem.Name);
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"| mean | | {string.Join(" | ", methods.Select((_, m) => Row(regrets[m].Select(mark => mark.Average()))))} |");
        var bayesian = Array.FindIndex([.. methods], method => method.Name == "bayesian");
        if (bayesian >= 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"| better than bayesian, of {problems.Count} | | {string.Join(" | ", methods.Select((_, m) => string.Join(" / ", regrets[m].Select((mark, k) => mark.Where((regret, p) => regret < regrets[bayesian][k][p]).Count()))))} |");
        return text.ToString();
    }

    private static double[] Run(Arena arena, Func<StudyBuilder, ImmutableArray<StudyView>, StudyBuilder> use, ImmutableArray<StudyView> earlier, int seed)
    {
        using var study = use(new StudyBuilder(arena.Problem.Name).WithSearchSpace(arena.Space.Space).WithSeed(seed).StopAfterFailuresInARow(int.MaxValue), earlier).Open();
        var best = new double[Trials];
        var least = double.PositiveInfinity;
        for (var t = 0; t < Trials; t++)
        {
            if (study.Ask() is { } trial)
            {
                var loss = arena.Evaluator.Loss(arena.Space.PointOf(trial.Configuration));
                if (double.IsFinite(loss)) least = Math.Min(least, loss);
                study.Tell(trial, loss);
            }

            best[t] = double.IsFinite(least) ? least : arena.Problem.Reference;
        }

        return best;
    }

    // The best of each study, then the second best of each, ...
    private static StudyBuilder TryBest(StudyBuilder study, ImmutableArray<StudyView> earlier, int count)
    {
        var ranked = earlier.Select(view => view.Trials.Where(trial => trial.Loss is not null).OrderBy(trial => trial.Loss).ToArray()).ToArray();
        for (var k = 0; k < count; k++)
        {
            var configuration = ranked[k % ranked.Length][k / ranked.Length].Configuration;
            study.TryFirst(first =>
            {
                foreach (var value in configuration.Values) first.Set(value.Hyperparameter.Name, value.Value);
            });
        }

        return study;
    }

    private static string Row(IEnumerable<double> regrets) => string.Join(" / ", regrets.Select(regret => regret.ToString("0.0", CultureInfo.InvariantCulture)));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
