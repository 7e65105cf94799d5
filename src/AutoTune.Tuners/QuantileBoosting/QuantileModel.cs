using AutoTune.Tuners.Trees;

namespace AutoTune.Tuners.QuantileBoosting;

/// <summary>The model of a study, learnt anew by the <see cref="ModelSchedule"/>. Not thread-safe.</summary>
internal sealed class QuantileModel(TreeHistory history, TreeColumns columns, QuantileBoostingOptions options, RandomSource random)
{
    private ConformalQuantiles? _quantiles;
    private int _learntAt;

    /// <summary>The quantiles by the trials that the schedule says; at least one.</summary>
    public ConformalQuantiles Current()
    {
        var at = ModelSchedule.Before(history.Count);
        if (_quantiles is not null && _learntAt == at) return _quantiles;
        var targets = TreeTargets.Of(history, at);
        var numbers = Keep(targets, options.MaxModelTrials);
        _quantiles = new ConformalQuantiles(columns, [.. numbers.Select(i => history.Rows[i])], numbers, [.. numbers.Select(i => targets[i])],
            options, random.Fork("trials", at));
        _learntAt = at;
        return _quantiles;
    }

    // The best half of the room, and an even selection of the others.
    private static int[] Keep(double[] targets, int room)
    {
        int[] all = [.. Enumerable.Range(0, targets.Length)];
        if (all.Length <= room) return all;
        var order = (int[])all.Clone();
        Array.Sort(order, (a, b) => targets[a] != targets[b] ? targets[a].CompareTo(targets[b]) : a.CompareTo(b));
        var best = room / 2;
        var rest = room - best;
        var kept = order[..best].Concat(Enumerable.Range(0, rest).Select(i => order[best + (int)((long)i * (order.Length - best) / rest)]));
        return [.. kept.Order()];
    }
}
