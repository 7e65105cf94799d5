using System.Globalization;
using System.Text;

namespace AutoTune.MLNet.Quality;

/// <summary>Compares ways with the first one, seed by seed.</summary>
internal static class Report
{
    /// <param name="runs">The runs.</param>
    /// <param name="first">The way that the others are compared with.</param>
    public static string Of(IReadOnlyCollection<RunRecord> runs, string first)
    {
        var text = new StringBuilder();
        foreach (var group in runs.GroupBy(run => (run.Data, run.Every, run.Tuner, run.Trials, run.Folds)))
        {
            var (data, every, tuner, trials, folds) = group.Key;
            text.AppendLine(Line($"{data}{(every > 1 ? $", every {every}th row" : "")}: {tuner}, {trials} trials, {folds} folds"));
            text.AppendLine("  way        seeds   fits saved   seconds saved   cv RMSE, change ± s.e.   test RMSE, change ± s.e.   test RMSE");
            var whole = group.Where(run => run.Way == first).ToDictionary(run => run.Seed);
            foreach (var way in group.GroupBy(run => run.Way))
            {
                var pairs = way.Where(run => whole.ContainsKey(run.Seed)).Select(run => (Run: run, Whole: whole[run.Seed])).ToList();
                if (pairs.Count == 0) continue;
                var (cv, cvError) = Mean([.. pairs.Select(pair => pair.Run.Best - pair.Whole.Best)]);
                var (test, testError) = Mean([.. pairs.Select(pair => pair.Run.Test - pair.Whole.Test)]);
                var fits = 1 - pairs.Average(pair => pair.Run.Fits / (double)pair.Whole.Fits);
                var seconds = 1 - pairs.Average(pair => pair.Run.Seconds / pair.Whole.Seconds);
                text.AppendLine(Line($"  {way.Key,-10} {pairs.Count,5} {fits,12:P0} {(tuner == "pool" ? "" : seconds.ToString("P0", CultureInfo.InvariantCulture)),15}   {cv,13:+0.00;-0.00;0} ± {cvError,-7:0.00} {test,14:+0.00;-0.00;0} ± {testError,-7:0.00} {pairs.Average(pair => pair.Run.Test),11:0.0}"));
            }
        }

        return text.ToString();
    }

    /// <summary>The mean and its standard error.</summary>
    private static (double Mean, double Error) Mean(double[] values)
    {
        var mean = values.Average();
        return (mean, values.Length < 2 ? double.NaN : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length));
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
