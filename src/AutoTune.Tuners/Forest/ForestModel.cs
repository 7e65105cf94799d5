using AutoTune.Tuners.Trees;

namespace AutoTune.Tuners.Forest;

/// <summary>The forest of a study, grown anew by the <see cref="ModelSchedule"/>; between, new trials fall into the leaves.</summary>
/// <remarks>
/// So the forest for n trials depends on these alone, never on when somebody asked, and a resumed study grows one forest. Losses are seen
/// near (<see cref="TreeTargets"/>): leaves are flat, so the view does not hold the search in a wrong minimum, as it can a Gaussian process.
/// Not thread-safe.
/// </remarks>
internal sealed class ForestModel(TreeHistory history, TreeColumns columns, ForestOptions options, RandomSource random)
{
    private RandomForest? _forest;
    private int _grownAt, _filledAt;

    /// <summary>The forest of all trials told; at least one.</summary>
    public RandomForest Current()
    {
        if (_forest is not null && _filledAt == history.Count) return _forest;
        var at = ModelSchedule.Before(history.Count);
        if (_forest is null || _grownAt != at)
        {
            _forest = new RandomForest(new TreeTable(columns, [.. history.Rows.Take(at)]), TreeTargets.Of(history, at), options, random);
            _grownAt = at;
        }

        _forest.Fill(history.Rows, TreeTargets.Of(history, history.Count));
        _filledAt = history.Count;
        return _forest;
    }
}
