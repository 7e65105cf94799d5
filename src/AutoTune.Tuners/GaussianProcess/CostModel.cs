using AutoTune.Spaces;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>Learns how long trials take, and says when that should count.</summary>
/// <remarks>
/// Learnt from the trials that completed at the first attempt and without a pause, from the logarithm of the time of a step where a
/// budget said how many there are: times differ by factors, not by summands. The same kernel as for the loss, because how long a trial takes
/// depends on the same things - branches, sizes, choices - and seldom on a straight line through them.
/// </remarks>
internal sealed class CostModel
{
    private const int MaxTrials = 200; // as many as settings are learnt from
    private const int LeastTrials = 8;
    private const double LeastRatio = 2, LeastShare = 0.3;
    private const double Overhead = 0.05; // seconds that any trial costs beside its own: asking, journal
    private readonly SpaceLayout _layout;
    private readonly StudyLimits _limits;
    private readonly bool? _isAware;
    private readonly List<Observation> _timed = [];
    private readonly TimeSpent _spent = new();
    private readonly SettingsSchedule _settings;

    public CostModel(SpaceLayout layout, StudyLimits limits, bool? isAware)
    {
        _layout = layout;
        _limits = limits;
        _isAware = isAware;
        var prior = SurrogatePrior.For(layout.EffectiveDimensions);
        _settings = new SettingsSchedule(prior, layout.Weights, count => Standardized(count).Set);
    }

    private bool IsOff => _isAware == false || (_isAware is null && _limits.Time is null);

    public void Add(Trial trial, Observation observation)
    {
        if (IsOff) return;
        _spent.Add(trial);
        if (double.IsFinite(observation.LogSeconds)) _timed.Add(observation);
    }

    /// <summary>The price of a trial's time in this round; null where time does not count.</summary>
    /// <param name="trial">The number of the trial that is asked for.</param>
    public IAcquisitionTerm? Term(TrialId trial)
    {
        if (IsOff || _timed.Count < (_isAware == true ? 2 : LeastTrials)) return null;
        if (TimeLeft(trial) is not { } left || (_isAware is null && !Differ())) return null;
        var (set, centre, spread) = Standardized(_timed.Count);
        var surrogate = Surrogate.Of(set, _settings.After(_timed.Count), []);
        if (_isAware is null && !Explains(surrogate)) return null;
        return new CostTerm(surrogate, centre, spread, PortableMath.Log(left));
    }

    // In seconds; infinite without a limit, null where the trials will be used up before the time, so that time is not scarce.
    private double? TimeLeft(TrialId trial)
    {
        if (_limits.Time is not { } limit) return double.PositiveInfinity;
        var left = limit - TimeSpan.FromTicks(_spent.Total.Ticks % limit.Ticks); // a study that is continued is given the same time again
        if (_limits.Trials is { } trials && (trials - trial.Number) * (_spent.Total / Math.Max(1, trial.Number)) < left) return null;
        return left.TotalSeconds;
    }

    private bool Differ()
    {
        double[] sorted = [.. _timed.Select(observation => observation.LogSeconds).Order()];
        return sorted[(sorted.Length - 1) * 9 / 10] - sorted[sorted.Length / 10] > PortableMath.Log(LeastRatio);
    }

    // By trials left out: the share of the variance that the model foretells.
    private static bool Explains(Surrogate surrogate)
    {
        var leftOut = surrogate.LeftOutMeans();
        var rest = 0.0;
        for (var i = 0; i < leftOut.Length; i++) rest += (leftOut[i] - surrogate.Targets[i]) * (leftOut[i] - surrogate.Targets[i]);
        return rest < (1 - LeastShare) * leftOut.Length;
    }

    private (TrainingSet Set, double Centre, double Spread) Standardized(int count)
    {
        var first = Math.Max(0, count - MaxTrials);
        var trials = _timed.GetRange(first, count - first);
        double mean = 0, square = 0;
        var targets = new double[trials.Count];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = PortableMath.Log(PortableMath.Exp(trials[i].LogSeconds) + Overhead);
            mean += targets[i] / targets.Length;
        }

        foreach (var target in targets) square += (target - mean) * (target - mean) / targets.Length;
        var deviation = square > 0 ? Math.Sqrt(square) : 1;
        for (var i = 0; i < targets.Length; i++) targets[i] = (targets[i] - mean) / deviation;
        return (new TrainingSet(_layout, trials, targets), mean, deviation);
    }
}
