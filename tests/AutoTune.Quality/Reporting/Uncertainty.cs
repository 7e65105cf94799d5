using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Reporting;

/// <summary>How far a mean of medians would be another one with other seeds.</summary>
/// <remarks>
/// On some problems a run either finds the right choice early or does not, so that the median of ten seeds jumps between two values: the
/// mean over problems at 25 trials moved by several per cent from one ten seeds to the next. A difference within this is none.
/// </remarks>
internal static class Uncertainty
{
    private const int Resamples = 200; // the error's own error is then a twentieth

    /// <summary>The standard error of the mean over problems of the median regret, by resampling the runs of each problem (Efron 1979).</summary>
    public static double OfMeanRegret(Contestant contestant, IReadOnlyList<Problem> problems, int trials)
    {
        var random = new RandomSource(0).Fork(contestant.Name, trials);
        var regrets = problems.Select(problem => contestant.Runs[problem.Name].Where(run => run.Best.Length >= trials)
            .Select(run => problem.Regret(run.Best[trials - 1])).ToArray()).ToArray();
        if (regrets.Any(runs => runs.Length < 2)) return double.NaN;
        var means = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
            means[i] = regrets.Average(runs => Quartiles.Of(runs.Select(_ => runs[random.NextInt(runs.Length)])).Median);
        var mean = means.Average();
        return Math.Sqrt(means.Sum(value => (value - mean) * (value - mean)) / (Resamples - 1));
    }
}
