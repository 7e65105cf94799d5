namespace AutoTune.Tuning;

/// <summary>
/// Grid search: every combination of levels once, the last hyperparameter fastest; children only where their condition holds.
/// A proposal is the first combination that is neither told nor pending, so replay needs no counter.
/// </summary>
internal sealed class GridTuner : ITuner
{
    private const int MostRejected = 1_000_000;

    private readonly SearchSpace _space;
    private readonly double[][] _levels; // units, by hyperparameter
    private readonly HashSet<Configuration> _told = []; // from the cursor on, and those beside the grid; asked for membership only
    private int[]? _cursor; // all combinations before it are told; null past the last

    public GridTuner(SearchSpace space, int resolution)
    {
        _space = space;
        _levels = [.. space.Encoding.Dimensions.Select(dimension => Levels(dimension, resolution))];
        _cursor = new int[_levels.Length];
        if (!_space.MeetsConstraints(At(_cursor))) _cursor = Next(_cursor);
    }

    public Proposal Ask(AskRequest request)
    {
        var taken = request.Pending.Select(trial => trial.Configuration).ToHashSet();
        for (var at = _cursor; at is not null; at = Next(at))
        {
            var configuration = At(at);
            if (!_told.Contains(configuration) && !taken.Contains(configuration)) return new Proposal.Evaluate(configuration);
        }

        return new Proposal.Exhausted("every point of the grid has been tried");
    }

    public void Tell(Trial trial)
    {
        _told.Add(trial.Configuration);
        while (_cursor is not null && _told.Contains(At(_cursor)))
        {
            var passed = At(_cursor);
            _cursor = Next(_cursor);
            _told.Remove(passed);
        }
    }

    private static double[] Levels(Spaces.EncodedDimension dimension, int resolution)
    {
        if (dimension.Levels is { } levels && (levels <= resolution || !dimension.IsOrdered))
            return [.. Enumerable.Range(0, checked((int)levels)).Select(level => dimension.UnitOfLevel(level))];
        if (resolution == 1) return [dimension.Snap(0.5)];
        return [.. Enumerable.Range(0, resolution).Select(i => dimension.Snap(i / (resolution - 1.0))).Distinct()];
    }

    private Configuration At(int[] levels)
    {
        var unit = new double[levels.Length];
        for (var i = 0; i < unit.Length; i++) unit[i] = _levels[i][levels[i]];
        return _space.Encoding.Decode(unit);
    }

    /// <summary>The next combination that meets the constraints; levels of inactive hyperparameters stay 0. Null after the last.</summary>
    private int[]? Next(int[] levels)
    {
        for (var rejected = 0; rejected < MostRejected; rejected++)
        {
            var configuration = At(levels);
            var next = (int[])levels.Clone();
            var i = next.Length - 1;
            for (; i >= 0; i--)
            {
                if (configuration.IsActive(_space.Hyperparameters[i]) && next[i] + 1 < _levels[i].Length)
                {
                    next[i]++;
                    break;
                }

                next[i] = 0;
            }

            if (i < 0) return null;
            if (_space.MeetsConstraints(At(next))) return next;
            levels = next;
        }

        throw new SearchSpaceException("", [
            $"Constraints '{string.Join("' and '", _space.ConstraintNames)}': {MostRejected} points of the grid in a row do not meet them; use another resolution, or random search."]);
    }
}
