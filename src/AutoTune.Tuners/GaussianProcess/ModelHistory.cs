using AutoTune.Tuners.Forecasts;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>What has been told, and the settings that it leads to: a fold of the finished trials in their order.</summary>
/// <remarks>Each view of the losses has settings of its own. Not thread-safe.</remarks>
internal sealed class ModelHistory(SpaceLayout layout, int maxModelTrials, NoiseLevel noise, bool bends, TrialSteps? steps = null)
{
    private const int MaxFitTrials = 200; // more do not change the settings, but cost their cube
    private const int MaxFreshTrials = 80; // where settings are learnt at each ask
    private const int FitRows = 120, FreshRows = 80, ModelRows = 400; // losses and derivatives; more of them hardly change the settings, but cost their cube
    private const int LeastSlopes = 40; // derivatives that are taken all the same, if there are so many
    private readonly SurrogatePrior _prior = SurrogatePrior.For(layout.EffectiveDimensions);
    private readonly List<Observation> _observations = [];
    private readonly HashSet<Configuration> _configurations = [];
    private readonly Dictionary<LossView, SettingsSchedule> _fits = [];

    public IReadOnlyList<Observation> Observations => _observations;

    /// <summary>What was told, for look-up only: its order differs from run to run.</summary>
    public HashSet<Configuration> Configurations => _configurations;

    /// <summary>How many trials gave a loss.</summary>
    public int WithLoss { get; private set; }

    /// <summary>Whether there is a derivative to learn from.</summary>
    public bool HasGradients { get; private set; }

    public Observation Add(Trial trial)
    {
        var observation = Observation.Of(trial, layout);
        _observations.Add(observation);
        _configurations.Add(trial.Configuration);
        if (double.IsFinite(observation.Loss)) WithLoss++;
        HasGradients |= !bends && observation.Gradient.Length > 0;
        return observation;
    }

    /// <summary>The trials that the model holds, with their targets, and the settings.</summary>
    /// <param name="view">How losses are looked at.</param>
    /// <param name="unfinished">Trials that are not over but have reported: they count by their forecasts.</param>
    public (IReadOnlyList<Observation> Kept, TrainingSet Set, KernelSettings Settings) Model(LossView view, IReadOnlyList<Observation> unfinished)
    {
        List<Observation> all = [.. _observations, .. unfinished];
        var (kept, set) = Select(all, maxModelTrials, ModelRows, view);
        return (kept, set, unfinished.Count > WithLoss ? Fresh(all, view) : Scheduled(view));
    }

    private KernelSettings Scheduled(LossView view)
    {
        if (!_fits.TryGetValue(view, out var fits))
        {
            fits = new SettingsSchedule(_prior, layout.Weights, count => Select(_observations.GetRange(0, count), MaxFitTrials, FitRows, view).Set, bends);
            _fits.Add(view, fits);
        }

        return fits.After(_observations.Count);
    }

    // Where most of what is known comes from trials that are not over, what was told is no basis; and what was asked before must not count.
    private KernelSettings Fresh(List<Observation> all, LossView view) => SurrogateFit.Find(Select(all, MaxFreshTrials, FreshRows, view).Set, _prior, previous: null, bends);

    // Of the trials the best half of the room, those that meet the requirements before the others, and an even selection of the others.
    private (IReadOnlyList<Observation> Kept, TrainingSet Set) Select(List<Observation> trials, int room, int rows, LossView view)
    {
        var all = PartialTrials.AtTheLastStep(trials, steps);
        var n = all.Count;
        // A bent column would bend its derivatives too; nobody has needed both.
        double[]? steepness = !bends && all.Exists(observation => observation.Gradient.Length > 0) ? new double[n] : null;
        var targets = LossWarp.Targets(all, view, steepness);
        var variances = noise.StandardDeviation is { } deviation ? LossNoise.Variances(all, targets, deviation) : null;
        double[]? drifts = LossNoise.Drifts(all, targets), chances = LossNoise.Chances(all, targets);
        if (n <= room) return (all, new TrainingSet(layout, all, targets, variances, drifts, chances, Slopes(all, targets, steepness)));
        var order = new int[n];
        for (var i = 0; i < n; i++) order[i] = i;
        Array.Sort(order, (a, b) => (!all[a].MeetsRequirements, targets[a], a).CompareTo((!all[b].MeetsRequirements, targets[b], b)));
        var isKept = new bool[n];
        var best = room / 2;
        for (var i = 0; i < best; i++) isKept[order[i]] = true;
        for (var i = 0; i < room - best; i++) isKept[order[best + (int)((long)i * (n - best) / (room - best))]] = true;
        List<int> kept = [.. Enumerable.Range(0, n).Where(i => isKept[i])];
        var observations = kept.ConvertAll(i => all[i]);
        return (observations, new TrainingSet(layout, observations, Of(targets)!, Of(variances), Of(drifts), Of(chances), Slopes(observations, Of(targets)!, Of(steepness))));

        SlopeRows? Slopes(IReadOnlyList<Observation> observations, double[] targets, double[]? steepness)
            => steepness is null ? null : SlopeRows.Of(layout, observations, targets, steepness, Math.Max(rows - targets.Length, LeastSlopes));

        double[]? Of(double[]? values) => values is null ? null : [.. kept.Select(i => values[i])];
    }
}
