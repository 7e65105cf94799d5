using AutoTune.Tuners.LearningCurves;

namespace AutoTune.Quality.Forecasting;

/// <summary>Counts how often a forecast's intervals hold what came.</summary>
internal sealed class Calibration
{
    /// <summary>The chances with which intervals are to hold it.</summary>
    public static readonly double[] Chances = [0.5, 0.8, 0.9, 0.95];

    private readonly int[] _held = new int[Chances.Length];
    private readonly List<double> _errors = [], _naive = [], _deviations = [];

    /// <summary>How many forecasts.</summary>
    public int Count => _errors.Count;

    /// <summary>The shares of forecasts whose intervals held what came, one for each chance.</summary>
    public IEnumerable<double> Coverage => _held.Select(held => held / (double)Count);

    /// <summary>The median absolute error.</summary>
    public double Error => MedianOf(_errors);

    /// <summary>The median absolute error of taking the last report for the last loss.</summary>
    public double NaiveError => MedianOf(_naive);

    /// <summary>The median deviation that was said.</summary>
    public double Deviation => MedianOf(_deviations);

    /// <summary>Notes a forecast.</summary>
    /// <param name="forecast">What was said.</param>
    /// <param name="seen">The last report that it was made from.</param>
    /// <param name="came">What came.</param>
    public void Add(CurveForecast forecast, double seen, double came)
    {
        // Within the middle interval of chance p: the chance below it is between (1 - p) / 2 and (1 + p) / 2.
        var below = forecast.ChanceBelow(came);
        for (var i = 0; i < Chances.Length; i++)
        {
            if (Math.Abs(below - 0.5) <= 0.5 * Chances[i]) _held[i]++;
        }

        _errors.Add(Math.Abs(forecast.Mean - came));
        _naive.Add(Math.Abs(seen - came));
        _deviations.Add(forecast.Deviation);
    }

    private static double MedianOf(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
