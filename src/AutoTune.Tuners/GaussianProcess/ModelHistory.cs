namespace AutoTune.Tuners.GaussianProcess;

/// <summary>What has been told, and the settings that it leads to: a fold of the finished trials in their order.</summary>
/// <remarks>Each view of the losses has settings of its own. Not thread-safe.</remarks>
internal sealed class ModelHistory(SpaceLayout layout, int maxModelTrials, NoiseLevel noise, bool bends)
{
    private const int MaxFitTrials = 200; // more do not change the settings, but cost their cube
    private readonly SurrogatePrior _prior = SurrogatePrior.For(layout.EffectiveDimensions);
    private readonly List<Observation> _observations = [];
    private readonly HashSet<Configuration> _configurations = [];
    private readonly Dictionary<LossView, SettingsSchedule> _fits = [];

    public IReadOnlyList<Observation> Observations => _observations;

    /// <summary>What was told, for look-up only: its order differs from run to run.</summary>
    public HashSet<Configuration> Configurations => _configurations;

    /// <summary>How many trials gave a loss.</summary>
    public int WithLoss { get; private set; }

    public Observation Add(Trial trial)
    {
        var observation = Observation.Of(trial, layout);
        _observations.Add(observation);
        _configurations.Add(trial.Configuration);
        if (double.IsFinite(observation.Loss)) WithLoss++;
        return observation;
    }

    /// <summary>The trials that the model holds, with their targets, and the settings.</summary>
    public (IReadOnlyList<Observation> Kept, TrainingSet Set, KernelSettings Settings) Model(LossView view)
    {
        if (!_fits.TryGetValue(view, out var fits))
        {
            fits = new SettingsSchedule(_prior, layout.Weights, count => Select(count, MaxFitTrials, view).Set, bends);
            _fits.Add(view, fits);
        }

        var settings = fits.After(_observations.Count);
        var (kept, all) = Select(_observations.Count, maxModelTrials, view);
        return (kept, all, settings);
    }

    // Of the first n trials the best half of the room, those that meet the requirements before the others, and an even selection of the others.
    private (IReadOnlyList<Observation> Kept, TrainingSet Set) Select(int n, int room, LossView view)
    {
        var first = _observations.GetRange(0, n);
        var targets = LossWarp.Targets(first, view);
        var variances = noise.StandardDeviation is { } deviation ? LossNoise.Variances(first, targets, deviation) : null;
        if (n <= room) return (first, new TrainingSet(layout, first, targets, variances));
        var order = new int[n];
        for (var i = 0; i < n; i++) order[i] = i;
        Array.Sort(order, (a, b) => (!first[a].MeetsRequirements, targets[a], a).CompareTo((!first[b].MeetsRequirements, targets[b], b)));
        var isKept = new bool[n];
        var best = room / 2;
        for (var i = 0; i < best; i++) isKept[order[i]] = true;
        for (var i = 0; i < room - best; i++) isKept[order[best + (int)((long)i * (n - best) / (room - best))]] = true;
        var kept = new List<Observation>(room);
        List<double> keptTargets = new(room), keptVariances = new(room);
        for (var i = 0; i < n; i++)
        {
            if (!isKept[i]) continue;
            kept.Add(first[i]);
            keptTargets.Add(targets[i]);
            if (variances is not null) keptVariances.Add(variances[i]);
        }

        return (kept, new TrainingSet(layout, kept, [.. keptTargets], variances is null ? null : [.. keptVariances]));
    }
}
