using AutoTune.Spaces;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>By how much the trials break one of the study's requirements, and the settings that this leads to: a fold of the finished trials.</summary>
/// <remarks>Of more trials than the model holds those are kept that come closest to the bound, where it matters. Not thread-safe.</remarks>
internal sealed class RequirementHistory
{
    private const int MaxFitTrials = 200;
    private readonly SpaceLayout _layout;
    private readonly int _maxModelTrials;
    private readonly SettingsSchedule _settings;
    private readonly List<Observation> _observations = [];
    private readonly List<double> _violations = [];

    public RequirementHistory(SpaceLayout layout, int maxModelTrials)
    {
        _layout = layout;
        _maxModelTrials = maxModelTrials;
        _settings = new SettingsSchedule(SurrogatePrior.For(layout.EffectiveDimensions), layout.Weights, count => Select(count, MaxFitTrials).Set);
    }

    /// <summary>How many trials told something.</summary>
    public int Count => _observations.Count;

    public void Add(Observation observation, double violation)
    {
        _observations.Add(observation);
        _violations.Add(violation);
    }

    /// <summary>The model, and where zero lies on the scale of its targets.</summary>
    public (Surrogate Surrogate, double Zero) Model(IReadOnlyList<Observation> pending)
    {
        var (set, zero) = Select(_observations.Count, _maxModelTrials);
        return (Surrogate.Of(set, _settings.After(_observations.Count), pending), zero);
    }

    private (TrainingSet Set, double Zero) Select(int count, int room)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++) order[i] = i;
        if (count > room)
        {
            Array.Sort(order, (a, b) => Math.Abs(_violations[a]).CompareTo(Math.Abs(_violations[b])) is not 0 and var difference ? difference : a.CompareTo(b));
            Array.Resize(ref order, room);
            Array.Sort(order);
        }

        double[] sizes = [.. order.Select(i => Math.Abs(_violations[i])).Order()];
        var unit = sizes[sizes.Length / 2] > 0 ? sizes[sizes.Length / 2] : sizes[^1] > 0 ? sizes[^1] : 1;
        var kept = new Observation[order.Length];
        var targets = new double[order.Length];
        double mean = 0, square = 0;
        for (var k = 0; k < order.Length; k++)
        {
            kept[k] = _observations[order[k]];
            var violation = _violations[order[k]];
            var log = PortableMath.Log(1 + Math.Min(Math.Abs(violation) / unit, double.MaxValue));
            targets[k] = violation < 0 ? -log : log;
            mean += targets[k] / targets.Length;
        }

        foreach (var target in targets) square += (target - mean) * (target - mean) / targets.Length;
        // Where all are alike the bound is still as far away as it is.
        var deviation = square > 0 ? Math.Sqrt(square) : 1;
        for (var k = 0; k < targets.Length; k++) targets[k] = (targets[k] - mean) / deviation;
        return (new TrainingSet(_layout, kept, targets), -mean / deviation);
    }
}
