using System.Collections.Immutable;
using AutoTune.Tuners.Racing;

namespace AutoTune.Tuners.Forecasts;

/// <summary>What the mean over a trial's first repeats says of its mean over all: the trials that had them all show how hard each repeat is, and by how much trials differ in that.</summary>
/// <remarks>
/// <code>
/// K         repeats of a whole trial, k those that a trial has had
/// m[k]      its mean over them; e[k], e[K] the means over the elite, the best whole trials
/// m[K]      is expected to be m[k] + e[K] - e[k], and normal about that with variance (s + lag / 5)^2 (1/k - 1/K) (1 + 1/E)
/// s         the standard deviation of one repeat that neither trial nor repeat explains (<see cref="RaceNoise"/>), of the elite's E trials
/// </code>
/// No drift as in <see cref="StepForecast"/>: repeats are all alike, so what is not known yet is chance, and wears off by averaging over neighbours too. The elite
/// are chosen by their means over all repeats, which says nothing of the way there; increments of those that were good so far would look like a rise.
/// A fold of whole trials in their order. Not thread-safe.
/// </remarks>
/// <param name="repeats">K.</param>
internal sealed class RepeatForecast(int repeats)
{
    private const int Elites = 8; // as in a race: trials far from the best are noisier, and feel hard repeats more
    private const int Least = 2; // one trial does not show how trials differ
    private const double Coarser = 0.2; // chosen: trials far behind differ more in each repeat, and feel hard ones more; by how much of their lag
    private readonly List<double[]> _elite = []; // means after each step, the best first
    private int[] _steps = [];
    private double[] _means = [];
    private RaceNoise _noise;

    /// <summary>A forecast from the whole ones of some trials.</summary>
    public static RepeatForecast Of(IEnumerable<ImmutableList<TrialReport>> trials, int repeats)
    {
        var forecast = new RepeatForecast(repeats);
        foreach (var trial in trials) forecast.Add(trial);
        return forecast;
    }

    /// <summary>Takes a trial in if it is whole, and reported when the others did.</summary>
    public void Add(ImmutableList<TrialReport> trial)
    {
        if (trial.IsEmpty || trial[^1].Step < repeats || !trial.TrueForAll(report => double.IsFinite(report.Loss))) return;
        if (_steps.Length == 0) _steps = [.. trial.Select(report => report.Step)];
        if (trial.Count != _steps.Length || !_steps.SequenceEqual(trial.Select(report => report.Step))) return;
        var means = trial.Select(report => report.Loss).ToArray();
        // The same values again are the same configuration or the same model: they say nothing of noise.
        if (_elite.Exists(other => other.AsSpan().SequenceEqual(means))) return;
        var place = _elite.FindIndex(other => means[^1] < other[^1]);
        if (place < 0) place = _elite.Count;
        if (place >= Elites) return;
        _elite.Insert(place, means);
        if (_elite.Count > Elites) _elite.RemoveAt(Elites);
        _noise = RaceNoise.OfMeans(_elite, _steps);
        _means = new double[_steps.Length];
        for (var j = 0; j < _means.Length; j++) _means[j] = _elite.Sum(other => other[j] / _elite.Count);
    }

    /// <summary>What the mean over all repeats is expected to be, and by how much that may be wrong: one standard deviation. Null while too little is known.</summary>
    /// <param name="step">How many repeats the trial has had.</param>
    /// <param name="mean">Its mean over them.</param>
    public (double Loss, double Deviation)? Forecast(int step, double mean)
    {
        if (_elite.Count < Least) return null;
        if (step >= repeats) return (mean, 0);
        var at = Array.BinarySearch(_steps, step);
        if (at < 0) return null;
        var loss = mean + (_means[^1] - _means[at]);
        var repeat = _noise.Deviation + Coarser * Math.Max(0, loss - _elite[0][^1]);
        return (loss, repeat * Math.Sqrt((1.0 / step - 1.0 / _steps[^1]) * (1 + 1.0 / _elite.Count)));
    }
}
