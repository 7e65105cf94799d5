using System.Globalization;
using System.Text;
using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Problems;
using AutoTune.Tuners.Terminator;

namespace AutoTune.Quality.Ending;

/// <summary>When <c>UntilRegretBelowNoise</c> ends noisy studies of the problems, and how much was left to gain then.</summary>
internal sealed class EndingCommand(CommandLine arguments, ProblemFolder folder)
{
    private static readonly double[] Noises = [0.02, 0.1];

    /// <summary>Runs the studies, and writes a table.</summary>
    public string Write()
    {
        var seeds = arguments.Seeds.IsEmpty ? [0, 1, 2, 3, 4] : arguments.Seeds;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Bayesian search, at most {arguments.Trials} trials, seeds {string.Join(", ", seeds)}; noise and what was left in % of (median of random configurations - best known).");
        text.AppendLine("| problem | noise | ended, of all | trials, median | left, median | left, most | left of all trials, median |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        using var factory = new EvaluatorFactory(folder);
        foreach (var problem in folder.Problems)
        {
            var evaluator = factory.Create(problem).Evaluator;
            var space = new ProblemSpace(problem);
            foreach (var noise in Noises)
            {
                var runs = seeds.AsParallel().AsOrdered().WithDegreeOfParallelism(arguments.Parallel).Select(seed => Run(problem, space, evaluator, noise, seed)).ToList();
                text.AppendLine(CultureInfo.InvariantCulture, $"| {problem.Name} | {100 * noise:0} | {runs.Count(run => run.HasEnded)} of {runs.Count} | {Median(runs.Select(run => (double)run.Trials)):0} | {100 * Median(runs.Select(run => run.Left)):0.0} | {100 * runs.Max(run => run.Left):0.0} | {100 * Median(runs.Select(run => run.LeftOfAll)):0.0} |");
            }
        }

        return text.ToString();
    }

    private (bool HasEnded, int Trials, double Left, double LeftOfAll) Run(Problem problem, ProblemSpace space, IEvaluator evaluator, double noise, int seed)
    {
        var deviation = noise * (problem.Reference - problem.Best);
        double Loss(ITrialContext trial) => evaluator.Loss(space.PointOf(trial.Configuration)) + deviation * trial.Random.Fork("noise").NextGaussian();
        StudyBuilder Study() => new StudyBuilder(problem.Name).WithSearchSpace(space.Space).Minimize("loss").WithSeed(seed).ForTrials(arguments.Trials).StopAfterFailuresInARow(int.MaxValue).UseBayesian();
        var study = Study().UntilRegretBelowNoise(new TerminatorOptions { Noise = deviation });
        var ended = study.RunAsync(Loss, CancellationToken.None).GetAwaiter().GetResult();
        var all = Study().RunAsync(Loss, CancellationToken.None).GetAwaiter().GetResult();
        return (ended.View.FinishedCount < arguments.Trials, ended.View.FinishedCount, Left(ended), Left(all));

        double Left(StudyResult result) => problem.Regret(evaluator.Loss(space.PointOf(result.Best!.Configuration)));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
