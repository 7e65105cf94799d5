using System.Collections.Immutable;
using AutoTune.Spaces;

namespace AutoTune.Tuners.Forecasts;

/// <summary>What the reports of a study tell of how losses move from a step to the last one: enough to compare trials that were ended at different steps.</summary>
/// <remarks>
/// <code>
/// g_0 ... g_K   grid of steps: all that were reported where they are few, else each 1.5 times the one before; the last is T, the largest step of any trial
/// z_k           a trial's loss at its last report in (g_k-1, g_k]
/// b_k, d_k      median and spread (1.48 times the median deviation) of z_k+1 - z_k over the better half of the trials that have both
/// shift(t)      sum of b_k from t to T: what is expected to be added to a loss at step t
/// drift(t)      root of the sum of d_k^2 from t to T: by how much trials differ in that
/// </code>
/// Additive, so it needs no trial that was seen from the first step to the last: increments are chained, and each is estimated from all trials that
/// have it. Medians of the better half, because a few trials that diverge say nothing about the good ones. Where few trials have an increment, its
/// spread is drawn towards a quarter of that of the losses themselves. Immutable.
/// </remarks>
internal sealed class StepForecast
{
    private const double Ratio = 1.5; // chosen: learning curves are smooth on a log scale
    private const int FewSteps = 16; // chosen: means over folds are not smooth, each fold has its own part; between two steps of the grid it would be guessed
    private const double Normal = 1.4826; // of the median deviation of a normal distribution
    private const double Doubt = 2; // trials' worth of the prior spread
    private const double PriorShare = 0.25; // of the losses' spread
    private const int MaxTrials = 1000; // the latest: a bounded cost
    private readonly int[] _grid;
    private readonly double[] _shifts, _drifts; // from each grid step to the last one

    private StepForecast(int[] grid, double[] shifts, double[] drifts) => (_grid, _shifts, _drifts) = (grid, shifts, drifts);

    /// <summary>The last step.</summary>
    public int Last => _grid[^1];

    /// <summary>A forecast from reports.</summary>
    /// <param name="curves">The reports of each trial, in the order of the trials; may be empty.</param>
    /// <returns>Null if no trial has reported beyond the first step of all.</returns>
    public static StepForecast? Of(IReadOnlyList<ImmutableList<TrialReport>> curves)
    {
        int first = int.MaxValue, last = 0;
        var steps = new SortedSet<int>(); // a few more than few at most
        foreach (var curve in curves)
        {
            if (curve.IsEmpty) continue;
            first = Math.Min(first, curve[0].Step);
            last = Math.Max(last, curve[^1].Step);
            for (var i = 0; i < curve.Count && steps.Count <= FewSteps; i++) steps.Add(curve[i].Step);
        }

        if (last <= first) return null;
        var grid = steps.Count <= FewSteps ? [.. steps] : Grid(first, last);
        var values = new List<double[]>();
        for (var i = Math.Max(0, curves.Count - MaxTrials); i < curves.Count; i++)
        {
            if (!curves[i].IsEmpty) values.Add(OnGrid(curves[i], grid));
        }

        double[] shifts = new double[grid.Length], drifts = new double[grid.Length];
        for (var k = grid.Length - 2; k >= 0; k--)
        {
            var (shift, spread) = Increment(values, k);
            shifts[k] = shifts[k + 1] + shift;
            drifts[k] = double.Hypot(drifts[k + 1], spread); // whose squares could overflow
        }

        return new StepForecast(grid, shifts, drifts);
    }

    /// <summary>What a loss at a step is expected to be at the last one, and by how much that may be wrong: one standard deviation.</summary>
    public (double Loss, double Deviation) Forecast(int step, double loss)
    {
        if (step >= Last) return (loss, 0);
        if (step <= _grid[0]) return (loss + _shifts[0], _drifts[0]);
        var above = Array.FindIndex(_grid, g => g >= step);
        var share = PortableMath.Log((double)step / _grid[above - 1]) / PortableMath.Log((double)_grid[above] / _grid[above - 1]);
        return (loss + _shifts[above - 1] + share * (_shifts[above] - _shifts[above - 1]),
            double.Hypot(Math.Sqrt(1 - share) * _drifts[above - 1], Math.Sqrt(share) * _drifts[above]));
    }

    private static int[] Grid(int first, int last)
    {
        var grid = new List<int>();
        for (double step = last; step > first; step /= Ratio)
        {
            var rounded = (int)Math.Round(step);
            if (rounded > first && (grid.Count == 0 || rounded < grid[^1])) grid.Add(rounded);
        }

        grid.Add(first);
        grid.Reverse();
        return [.. grid];
    }

    private static double[] OnGrid(ImmutableList<TrialReport> curve, int[] grid)
    {
        var values = new double[grid.Length];
        values.AsSpan().Fill(double.NaN);
        var k = 0;
        foreach (var report in curve)
        {
            while (grid[k] < report.Step) k++;
            if (double.IsFinite(report.Loss)) values[k] = report.Loss;
        }

        return values;
    }

    private static (double Shift, double Spread) Increment(List<double[]> values, int k)
    {
        var both = values.FindAll(trial => double.IsFinite(trial[k]) && double.IsFinite(trial[k + 1]));
        both.Sort((a, b) => a[k].CompareTo(b[k]));
        double[] increments = [.. both.Take((both.Count + 1) / 2).Select(trial => trial[k + 1] - trial[k])];
        double[] here = [.. values.Where(trial => double.IsFinite(trial[k])).Select(trial => trial[k])];
        var prior = PriorShare * Spread(here);
        if (increments.Length == 0) return (0, prior);
        var spread = Spread(increments);
        var trials = increments.Length + Doubt;
        return (Median(increments), double.Hypot(Math.Sqrt(increments.Length / trials) * spread, Math.Sqrt(Doubt / trials) * prior));
    }

    private static double Spread(double[] values)
    {
        if (values.Length == 0) return 0;
        var median = Median(values);
        return Normal * Median(Array.ConvertAll(values, value => Math.Abs(value - median)));
    }

    private static double Median(double[] values)
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        return sorted[(sorted.Length - 1) / 2] / 2 + sorted[sorted.Length / 2] / 2;
    }
}
