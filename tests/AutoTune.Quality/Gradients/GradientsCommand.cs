using System.Globalization;
using AutoTune.Quality.Reporting;
using AutoTune.Tuners.GradientDescent;

namespace AutoTune.Quality.Gradients;

/// <summary>What tuners make of the gradients of smooth problems, beside tuners that see the values alone.</summary>
internal sealed class GradientsCommand(CommandLine arguments)
{
    private static readonly int[] Marks = [10, 20, 40];

    private static readonly (string Name, bool WithGradient, Func<StudyBuilder, StudyBuilder> Use)[] Tuners =
    [
        ("gradient", true, study => study.UseGradient()),
        ("gradient, 4 starts", true, study => study.UseGradient(new GradientDescentOptions { Starts = 4 })),
        ("bayesian with gradients", true, study => study.UseBayesian()),
        ("hybrid", true, study => study.UseHybrid()),
        ("bayesian", false, study => study.UseBayesian()),
        ("random", false, study => study.UseRandom()),
    ];

    /// <summary>Runs the studies, and writes a table, row by row.</summary>
    public void Execute(TextWriter text)
    {
        var seeds = arguments.Seeds.IsEmpty ? [.. Enumerable.Range(0, 10)] : arguments.Seeds;
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"True loss of the best trial above the best known, median of {seeds.Length} seeds (quartiles after the last mark)."));
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| problem | tuner | {string.Join(" | ", Marks.Select(mark => $"{mark} trials"))} | quartiles |"));
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"|---|---|{string.Concat(Marks.Select(_ => "---|"))}---|"));
        foreach (var of in SmoothProblems.All)
        {
            if (!arguments.Problems.IsEmpty && !arguments.Problems.Any(name => of(seeds[0]).Name.StartsWith(name, StringComparison.OrdinalIgnoreCase))) continue;
            var problems = seeds.Select(of).ToArray();
            var best = problems.AsParallel().AsOrdered().WithDegreeOfParallelism(arguments.Parallel).Select(problem => problem.BestKnown()).ToArray();
            foreach (var tuner in Tuners)
            {
                if (!arguments.Tuners.IsEmpty && !arguments.Tuners.Contains(tuner.Name.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal))) continue;
                var runs = Enumerable.Range(0, seeds.Length).AsParallel().AsOrdered().WithDegreeOfParallelism(arguments.Parallel)
                    .Select(k => Run(problems[k], tuner.Use, tuner.WithGradient, seeds[k]).Select(loss => loss - best[k]).ToArray()).ToList();
                var quartiles = Marks.Select((_, m) => Quartiles.Of(runs.Select(run => run[m]))).ToList();
                text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {problems[0].Name} | {tuner.Name} | {string.Join(" | ", quartiles.Select(q => Figure(q.Median)))} | {Figure(quartiles[^1].Lower)} to {Figure(quartiles[^1].Upper)} |"));
            }
        }
    }

    private static double[] Run(GradientProblem problem, Func<StudyBuilder, StudyBuilder> use, bool withGradient, int seed)
    {
        var study = use(new StudyBuilder(problem.Name).WithSearchSpace(problem.Space).Minimize("loss").WithSeed(seed).ForTrials(Marks[^1]));
        var result = study.RunAsync(trial => problem.Measure(trial.Configuration, withGradient)).GetAwaiter().GetResult();
        return [.. Marks.Select(mark => problem.Evaluate(result.View.Trials.Take(mark).MinBy(trial => trial.Loss ?? double.PositiveInfinity)!.Configuration, withGradient: false).Value)];
    }

    private static string Figure(double value) => Math.Max(value, 0).ToString("G2", CultureInfo.InvariantCulture);
}
