using System.Numerics;
using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Racing;

/// <summary>The race against the best completed trials: whether the first repeats of a trial show that it will not end as the best.</summary>
/// <remarks>
/// <code>
/// K         repeats of a whole trial, k those that the trial has had
/// m[k]      mean of the trial's first k repeats; b[k] the best trial's, e[k] the mean over the elite
/// D         m[k] - e[k]: what all trials feel in these repeats is taken out of it
/// s         standard deviation of D's part from one repeat; nu its degrees of freedom: learnt from the elite (<see cref="RaceNoise"/>), moderated
///           by the trial's own repeats
/// d         the margin: what a stopped trial may have been better than the best, Indifference times s / sqrt(K) with s as learnt
/// </code>
/// The winner of the study: with k repeats known, the final D is normal about D[k] with variance s^2 (1/k - 1/K), whatever the trial's true mean; and
/// given a final D that is better than the best's by the margin or more, b[K] - e[K] - d, the path D[k] is a bridge to it. So
/// Z = (D[k] - b[K] + e[K] + d) / (s sqrt(1/k - 1/K)) behaves like a Brownian motion at the times 1 / (1/k - 1/K), and beyond <see cref="LookBoundary"/>'s
/// c at any look with the stated chance at most: for each such trial, wherever it would end, and however the elite was chosen by its final means (a normal
/// sample's mean says nothing of its path). If it is not stopped, or is better by less, the study's best is worse by less than d than if all had run to
/// their end: margins do not add up, for only the trial that would have won counts.
/// The winner in truth: D = m[k] - b[k], Z = (D + d) / (s sqrt(1/k)), a random walk at times k; the level is shared by all completed trials, for each
/// might be the best one by luck (Bonferroni).
/// With s estimated, Z stands for the normal deviate that is as rare as that of Student's t (Wallace 1959).
/// </remarks>
/// <param name="options">How it stops.</param>
internal sealed class Race(RacingOptions options)
{
    private const int MostLooks = 60; // chosen, because more add little: from there on they are spread evenly on a log scale

    // Chosen: real repeats have heavier tails than the normal law, and a trial that owes its place in the elite to a lack of bad repeats hides them.
    // With this the level holds for Student's t with three degrees of freedom; the fewer the repeats, the more it takes. A level shared by many is far
    // below it anyway.
    private double TailFreedom => 2.0 * Repeats;

    private readonly List<Entrant> _elite = [];
    private int[] _steps = [];
    private bool[] _isLook = [];
    private double[] _reference = [];
    private RaceNoise _noise;
    private int _completed;
    private double _boundary = double.PositiveInfinity;

    /// <summary>The best completed trial; null before the first.</summary>
    public Entrant? Best => _elite.Count > 0 ? _elite[0] : null;

    /// <summary>How many repeats a whole trial has; 0 before the first has completed.</summary>
    public int Repeats => _steps.Length > 0 ? _steps[^1] : 0;

    /// <summary>What is learnt of the noise.</summary>
    public RaceNoise Noise => _noise;

    /// <summary>Takes a trial that ran to its end.</summary>
    public void Complete(TrialId trial, ReadOnlySpan<int> steps, ReadOnlySpan<double> means)
    {
        if (steps.IsEmpty || steps[^1] < Repeats) return; // one with fewer repeats than others: no measure for them
        if (steps[^1] > Repeats) Begin(steps);
        if (!steps.SequenceEqual(_steps)) return;
        _completed++;
        if (_completed == 1 || BitOperations.IsPow2(_completed - 1)) _boundary = Boundary();
        var entrant = new Entrant(trial, means.ToArray());
        // The same values again are the same configuration or the same model: they say nothing of noise.
        if (_elite.Exists(other => other.Means.AsSpan().SequenceEqual(entrant.Means))) return;
        var place = _elite.FindIndex(other => entrant.Final < other.Final);
        if (place < 0) place = _elite.Count;
        if (place >= options.Elites) return;
        _elite.Insert(place, entrant);
        if (_elite.Count > options.Elites) _elite.RemoveAt(_elite.Count - 1);
        Learn();
    }

    /// <summary>The evidence against a trial that goes on.</summary>
    /// <returns>The comparison if it is strong enough to stop it; null otherwise.</returns>
    public Evidence? Judge(ReadOnlySpan<int> steps, ReadOnlySpan<double> means)
    {
        if (_elite.Count == 0 || steps.IsEmpty) return null;
        var at = Array.BinarySearch(_steps, steps[^1]);
        if (at < 0 || at == _steps.Length - 1 || !_isLook[at]) return null;
        var best = _elite[0];
        double mean = means[^1], k = _steps[at], whole = _steps[^1];
        if (!(mean > best.Means[at])) return null;

        var isOfStudy = options.Keeps == RaceWinner.OfStudy;
        var reference = isOfStudy ? _reference : best.Means;
        var lag = isOfStudy ? mean - reference[at] - (best.Final - reference[^1]) : mean - best.Means[at];
        var root = Math.Sqrt(isOfStudy ? 1 / k - 1 / whole : 1 / k);
        var learnt = _noise.Deviation * Math.Sqrt(1 + 1.0 / (isOfStudy ? _elite.Count : 1));
        var margin = options.Indifference * learnt / Math.Sqrt(whole);
        lag += margin;
        if (!(lag > 0)) return null;
        if (isOfStudy && lag <= _boundary * learnt * root) return null; // the deviation is no less, and no t is rarer than the normal deviate of its size
        var (deviation, freedom) = Deviation(steps, means, reference, learnt);
        if (!(freedom > 0)) return null;
        var t = lag / (deviation * root); // infinite where repeats never differ
        var z = StudentDistribution.Deviate(t, freedom);
        return z > _boundary ? new Evidence(best, at, deviation, margin, NormalDistribution.Cumulative(-z)) : null;
    }

    /// <summary>The boundary for as many completed trials as there are: for a power of two of them, so that few are worked out.</summary>
    private double Boundary()
    {
        if (_steps.Length < 2) return double.PositiveInfinity;
        var isOfStudy = options.Keeps == RaceWinner.OfStudy;
        var information = new List<double>();
        for (var j = 0; j < _steps.Length - 1; j++)
        {
            if (_isLook[j]) information.Add(isOfStudy ? 1 / (1.0 / _steps[j] - 1.0 / _steps[^1]) : _steps[j]);
        }

        return LookBoundary.Of([.. information], isOfStudy ? options.Error : options.Error / BitOperations.RoundUpToPowerOf2((uint)_completed));
    }

    /// <summary>The deviation of a repeat's difference from the reference, and its degrees of freedom: what was learnt, moderated by the trial's own.</summary>
    private (double Deviation, double Freedom) Deviation(ReadOnlySpan<int> steps, ReadOnlySpan<double> means, double[] reference, double prior)
    {
        // The trial's blocks between repeats that it and the reference have both reported; their differences in units of what was learnt.
        double square = 0, whole = 0, mean = 0;
        var unit = prior > 0 ? prior : Spread(steps, means, reference);
        int blocks = 0, last = 0;
        double lastMean = 0;
        for (var i = 0; i < steps.Length; i++)
        {
            var at = Array.BinarySearch(_steps, steps[i]);
            if (at < 0) continue;
            var difference = (means[i] - reference[at]) / unit;
            var length = steps[i] - last;
            // Welford's update with weights: the value of the block is how the mean moved.
            var value = last == 0 ? difference : (difference - lastMean) * ((double)steps[i] / length) + lastMean;
            var apart = value - mean;
            whole += length;
            mean += apart * length / whole;
            square += length * apart * (value - mean);
            (last, lastMean) = (steps[i], difference);
            blocks++;
        }

        var isOfStudy = options.Keeps == RaceWinner.OfStudy;
        var known = !(_noise.Freedom > 0) ? 0 : isOfStudy ? 1 / (1 / _noise.Freedom + 1 / TailFreedom) : _noise.Freedom;
        var freedom = known + blocks - 1;
        if (!(freedom > 0) || !double.IsFinite(square)) return (double.NaN, 0);
        // Quiet first repeats do not promise quiet ones to come: the trial's own may only add to what was learnt.
        var moderated = unit * Math.Sqrt((known + square) / freedom);
        return (isOfStudy ? Math.Max(prior, moderated) : moderated, freedom);
    }

    private double Spread(ReadOnlySpan<int> steps, ReadOnlySpan<double> means, double[] reference)
    {
        var spread = 0.0;
        for (var i = 0; i < steps.Length; i++)
        {
            var at = Array.BinarySearch(_steps, steps[i]);
            if (at >= 0) spread = Math.Max(spread, Math.Abs(means[i] - reference[at]));
        }

        return spread > 0 ? spread : 1;
    }

    private void Begin(ReadOnlySpan<int> steps)
    {
        _elite.Clear();
        _completed = 0;
        _steps = steps.ToArray();
        _isLook = new bool[_steps.Length];
        double next = 0, ratio = PortableMath.Exp(PortableMath.Log(Math.Max(2, _steps[^1])) / MostLooks);
        for (var j = 0; j < _steps.Length - 1; j++)
        {
            _isLook[j] = _steps.Length <= MostLooks || _steps[j] >= next;
            if (_isLook[j]) next = Math.Max(next, _steps[j]) * ratio;
        }
    }

    private void Learn()
    {
        _reference = new double[_steps.Length];
        foreach (var entrant in _elite)
        {
            for (var j = 0; j < _steps.Length; j++) _reference[j] += entrant.Means[j] / _elite.Count;
        }

        _noise = RaceNoise.OfMeans([.. _elite.Select(entrant => entrant.Means)], _steps);
    }

    /// <summary>A completed trial.</summary>
    /// <param name="Trial">The trial.</param>
    /// <param name="Means">Its mean at each of the steps that it reported.</param>
    internal sealed record Entrant(TrialId Trial, double[] Means)
    {
        public double Final => Means[^1];
    }

    /// <summary>Why a trial is stopped.</summary>
    /// <param name="Best">The best completed trial.</param>
    /// <param name="At">The index of the step.</param>
    /// <param name="Deviation">How much a repeat's difference varies.</param>
    /// <param name="Margin">By how much it may be better than the best all the same.</param>
    /// <param name="Chance">The chance to end better by more than that; or of such a lag, if it were better by that in truth.</param>
    internal readonly record struct Evidence(Entrant Best, int At, double Deviation, double Margin, double Chance);
}
