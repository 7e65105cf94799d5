using System.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>What has been told, and the settings that it leads to: a fold of the finished trials in their order.</summary>
/// <remarks>
/// Settings are learnt at fixed numbers of trials: at each up to 50, then whenever they have grown by a twentieth. Each fit starts
/// from the one before it, and from the prior alone at powers of two: so the settings for n trials depend on the trials alone, never on
/// when somebody asked, and a resumed study has only the fits since the last power of two to make up for. Each view of the losses has
/// settings of its own. Not thread-safe.
/// </remarks>
internal sealed class ModelHistory(SpaceLayout layout, int maxModelTrials)
{
    private const int DenseFits = 50, SparseStep = 20;
    private const int MaxFitTrials = 200; // more do not change the settings, but cost their cube
    private const int LeastTrials = 2;
    private readonly SurrogatePrior _prior = SurrogatePrior.For(layout.EffectiveDimensions);
    private readonly List<Observation> _observations = [];
    private readonly HashSet<Configuration> _configurations = [];
    private readonly Dictionary<LossView, (int At, KernelSettings Settings)> _fits = [];

    public IReadOnlyList<Observation> Observations => _observations;

    /// <summary>What was told, for look-up only: its order differs from run to run.</summary>
    public HashSet<Configuration> Configurations => _configurations;

    /// <summary>How many trials gave a loss.</summary>
    public int WithLoss { get; private set; }

    public void Add(Trial trial)
    {
        var observation = Observation.Of(trial, layout);
        _observations.Add(observation);
        _configurations.Add(trial.Configuration);
        if (double.IsFinite(observation.Loss)) WithLoss++;
    }

    /// <summary>The trials that the model holds, with their targets, and the settings.</summary>
    public (IReadOnlyList<Observation> Kept, TrainingSet Set, KernelSettings Settings) Model(LossView view)
    {
        var fit = _fits.TryGetValue(view, out var known) ? known : (At: 0, Settings: _prior.Mode(layout.Weights));
        // Nothing that was learnt before the last fresh start matters.
        var from = Math.Max(fit.At + 1, (int)BitOperations.RoundUpToPowerOf2((uint)_observations.Count / 2 + 1));
        for (var n = Math.Max(from, LeastTrials); n <= _observations.Count; n++)
        {
            var isFresh = int.IsPow2(n);
            if (!isFresh && n > DenseFits && n < fit.At + Math.Max(1, fit.At / SparseStep)) continue;
            var (_, set) = Select(n, MaxFitTrials, view);
            fit = (n, SurrogateFit.Find(set, _prior, isFresh ? null : fit.Settings));
            _fits[view] = fit;
        }

        var (kept, all) = Select(_observations.Count, maxModelTrials, view);
        return (kept, all, fit.Settings);
    }

    // Of the first n trials the best half of the room, and an even selection of the others.
    private (IReadOnlyList<Observation> Kept, TrainingSet Set) Select(int n, int room, LossView view)
    {
        var first = _observations.GetRange(0, n);
        var targets = LossWarp.Targets(first, view);
        if (n <= room) return (first, new TrainingSet(layout, first, targets));
        var order = new int[n];
        for (var i = 0; i < n; i++) order[i] = i;
        Array.Sort(order, (a, b) => targets[a] != targets[b] ? targets[a].CompareTo(targets[b]) : a.CompareTo(b));
        var isKept = new bool[n];
        var best = room / 2;
        for (var i = 0; i < best; i++) isKept[order[i]] = true;
        for (var i = 0; i < room - best; i++) isKept[order[best + (int)((long)i * (n - best) / (room - best))]] = true;
        var kept = new List<Observation>(room);
        var keptTargets = new List<double>(room);
        for (var i = 0; i < n; i++)
        {
            if (!isKept[i]) continue;
            kept.Add(first[i]);
            keptTargets.Add(targets[i]);
        }

        return (kept, new TrainingSet(layout, kept, [.. keptTargets]));
    }
}
