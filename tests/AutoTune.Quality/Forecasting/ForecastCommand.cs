using System.Globalization;
using System.Text;
using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Problems;
using AutoTune.Quality.Simulating;
using AutoTune.Tuners.LearningCurves;

namespace AutoTune.Quality.Forecasting;

/// <summary>How well calibrated forecasts of learning curves are: of random configurations, from a part of their curve, after some whole curves were seen.</summary>
internal sealed class ForecastCommand(CommandLine arguments, ProblemFolder folder)
{
    private const int Forecasts = 100;
    private static readonly double[] Parts = [0.1, 0.25, 0.5];

    /// <summary>Counts, and writes a table.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        var seeds = arguments.Seeds.IsEmpty ? [0, 1, 2, 3, 4] : arguments.Seeds;
        text.AppendLine(CultureInfo.InvariantCulture, $"{Forecasts} forecasts a seed and row, seeds {string.Join(", ", seeds)}. Errors and deviations in % of the spread of last losses (their mean distance from their median).");
        text.AppendLine(Line(["problem", "curves seen", "part seen", .. Calibration.Chances.Select(chance => $"{100 * chance:0} %"), "error", "last report's error", "deviation said"]));
        text.AppendLine(Line(Enumerable.Repeat("---", 6 + Calibration.Chances.Length)));
        using var factory = new EvaluatorFactory(folder);
        foreach (var problem in folder.Problems)
        {
            if (Ladder.Of(problem) is not { Kind: StepKind.Epochs } ladder) continue;
            var evaluator = factory.Create(problem).Evaluator;
            var space = new ProblemSpace(problem);
            var curves = seeds.AsParallel().AsOrdered().WithDegreeOfParallelism(arguments.Parallel).Select(seed => Curves(evaluator, space, ladder, seed)).ToList();
            var spread = Spread([.. curves.SelectMany(seed => seed.Select(curve => curve[^1]))]);
            foreach (var seen in new[] { 5, 20, 100 })
            {
                foreach (var part in Parts)
                {
                    var calibration = new Calibration();
                    foreach (var seed in curves) Count(seed, seen, Math.Max(1, (int)(part * ladder.Count)), calibration);
                    text.AppendLine(Line([problem.Name, $"{seen}", $"{100 * part:0} %", .. calibration.Coverage.Select(Percent), Percent(calibration.Error / spread), Percent(calibration.NaiveError / spread), Percent(calibration.Deviation / spread)]));
                }
            }
        }

        return text.ToString();
    }

    /// <summary>Tells whole curves, then forecasts others.</summary>
    internal static void Count(double[][] curves, int seen, int until, Calibration calibration)
    {
        int[] steps = [.. Enumerable.Range(1, curves[0].Length)];
        var model = new CurveModel(steps.Length);
        for (var i = 0; i < seen; i++) model.Tell(steps, curves[i], isWhole: true);
        for (var i = curves.Length - Forecasts; i < curves.Length; i++)
            calibration.Add(model.Forecast(steps.AsSpan(0, until), curves[i])!.Value, curves[i][until - 1], curves[i][^1]);
    }

    private static double[][] Curves(IEvaluator evaluator, ProblemSpace space, Ladder ladder, int seed)
    {
        var random = new RandomSource(seed);
        var fidelities = Enumerable.Range(1, ladder.Count).Select(ladder.At).ToArray();
        var curves = new List<double[]>();
        while (curves.Count < 100 + Forecasts)
        {
            var losses = new double[ladder.Count];
            evaluator.Losses(space.PointOf(space.Space.Sample(random)), fidelities, losses);
            if (Array.TrueForAll(losses, double.IsFinite)) curves.Add(losses);
        }

        return [.. curves];
    }

    private static double Spread(double[] last)
    {
        Array.Sort(last);
        return last.Average(loss => Math.Abs(loss - last[last.Length / 2]));
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0}");

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
