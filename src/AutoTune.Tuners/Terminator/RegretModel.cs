using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Terminator;

/// <summary>A Gaussian process over a study's trials that says how much is left to gain, at most.</summary>
/// <remarks>
/// <code>
/// k         how many deviations; 1.5 by default
/// upper     the lowest mean + k deviation of a completed trial
/// lower     the lowest mean - k deviation anywhere in the space
/// regret    upper - lower, in the unit of the loss: the wide view of losses is straight from the best one to far beyond the ninth decile
/// </code>
/// Makarova and others 2022, equation 4, but for k: theirs grows with the trials (Srinivas and others 2010), from 2 on, and such bounds stay above any
/// noise for hundreds of trials where there are more than two hyperparameters. Not thread-safe.
/// </remarks>
internal sealed class RegretModel
{
    private const int MaxModelTrials = 300; // chosen: a bound after that many trials needs no more of the worse ones
    private static readonly GaussianProcessOptions Search = new();
    private readonly SearchSpace _space;
    private readonly SpaceLayout _layout;
    private readonly ModelHistory _history;
    private readonly double _deviations;

    /// <param name="space">The study's space.</param>
    /// <param name="deviations">k.</param>
    public RegretModel(SearchSpace space, double deviations)
    {
        _deviations = deviations;
        _space = space;
        _layout = new SpaceLayout(space);
        _history = new ModelHistory(_layout, MaxModelTrials, NoiseLevel.Learnt, bends: false);
    }

    /// <summary>How many trials it was told.</summary>
    public int Count => _history.Observations.Count;

    /// <summary>Takes a finished trial.</summary>
    public void Tell(Trial trial) => _history.Add(trial);

    /// <summary>What is left to gain at most, and the standard deviation of what the model takes for noise, both in the unit of the loss; null if they cannot be told.</summary>
    /// <param name="random">Randomness of the search for the lowest bound.</param>
    public (double Regret, double Noise)? Bound(RandomSource random)
    {
        var (kept, set, settings) = _history.Model(LossView.Wide, []);
        if (Unit(kept, set.Targets) is not { } unit) return null;
        Surrogate surrogate;
        try
        {
            surrogate = Surrogate.Of(set, settings, []);
        }
        catch (SurrogateException)
        {
            return null;
        }

        var upper = double.PositiveInfinity;
        var best = -1;
        double[] mean = [0], variance = [0];
        for (var i = 0; i < kept.Count; i++)
        {
            if (!kept[i].IsFinal || !kept[i].MeetsRequirements || !double.IsFinite(kept[i].Loss)) continue;
            surrogate.Predict(Features(kept[i].Unit, kept[i].Active), mean, variance);
            var bound = mean[0] + _deviations * Math.Sqrt(variance[0]);
            if (bound < upper) (upper, best) = (bound, i);
        }

        if (best < 0) return null;
        var acquisition = new Acquisition(_space, _layout, surrogate, [new ConfidenceBound(surrogate, _deviations)]);
        if (AcquisitionSearch.Find(_space, _layout, acquisition, [kept[best]], null, [], Search, random) is not { } lowest) return null;
        var (point, active) = (new double[_layout.Count], new bool[_layout.Count]);
        _layout.Encode(lowest, point, active);
        surrogate.Predict(Features(point, active), mean, variance);
        var regret = unit * Math.Max(0, upper - (mean[0] - _deviations * Math.Sqrt(variance[0])));
        return double.IsFinite(regret) ? (regret, unit * Math.Sqrt(surrogate.NoiseAt(best))) : null;
    }

    /// <summary>How much loss a unit of the targets is near the best; null where losses do not differ.</summary>
    private static double? Unit(IReadOnlyList<Observation> kept, double[] targets)
    {
        // Between the best and the median: there the wide view is straight.
        var order = new List<int>();
        for (var i = 0; i < kept.Count; i++)
        {
            if (double.IsFinite(kept[i].Loss)) order.Add(i);
        }

        order.Sort((a, b) => kept[a].Loss.CompareTo(kept[b].Loss) is not 0 and var difference ? difference : a.CompareTo(b));
        for (var at = order.Count / 2; at < order.Count; at++)
        {
            double loss = kept[order[at]].Loss - kept[order[0]].Loss, target = targets[order[at]] - targets[order[0]];
            if (target > 0 && loss > 0 && double.IsFinite(loss)) return loss / target;
        }

        return null;
    }

    private double[] Features(double[] unit, bool[] active)
    {
        var features = new double[_layout.Columns];
        _layout.Features(unit, active, features);
        return features;
    }
}
