using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tpe;

/// <summary>The tree-structured Parzen estimator: of points drawn like the good trials, the one least like the others is next.</summary>
/// <remarks>
/// Bergstra and others 2011; jointly over a group as in Falkner and others 2018. Hyperparameters under the same condition are a group;
/// parents are chosen first, then the groups that they make exist, each modelled by the trials where it did. Not thread-safe.
/// </remarks>
internal sealed class TpeTuner : ITuner
{
    private const int FreshDraws = 1000;
    private readonly SearchSpace _space;
    private readonly TpeOptions _options;
    private readonly SpaceLayout _layout;
    private readonly InitialDesign _design;
    private readonly TpeGroup[] _groups;
    private readonly HashSet<Configuration> _told = [];
    private readonly long? _cardinality;
    private int _trials;

    public TpeTuner(SearchSpace space, TpeOptions options, RandomSource random)
    {
        _space = space;
        _options = options.Validated();
        _layout = new SpaceLayout(space);
        _design = new InitialDesign(space, _layout, random.Fork("TPE"), options.InitialTrials);
        _groups = Groups(space, options);
        _cardinality = space.Cardinality();
    }

    public void Tell(Trial trial)
    {
        var (unit, active) = Point(trial);
        var rank = TrialRank.Of(trial);
        foreach (var group in _groups)
        {
            if (group.IsActive(active)) group.Tell(rank, unit);
        }

        _told.Add(trial.Configuration);
        _trials++;
    }

    public Proposal Ask(AskRequest request)
    {
        // Nothing new is left: whether one may be tried again, for its noise, is for the study to say.
        if (_cardinality is { } all && _told.Count >= all) return new Proposal.Evaluate(_space.Sample(request.Random));
        var index = _trials + request.Pending.Length;
        if (index < _options.InitialTrials && _design[index] is var first && IsNew(first, request)) return new Proposal.Evaluate(first);
        var proposed = index < _options.InitialTrials ? null : MostPromising(request);
        for (var draw = 0; draw < FreshDraws && proposed is null; draw++)
        {
            var sample = _space.Sample(request.Random);
            if (IsNew(sample, request)) proposed = sample;
        }

        return new Proposal.Evaluate(proposed ?? _space.Sample(request.Random));
    }

    // Hyperparameters by their conditions, in the order of their first ones: so no group comes before its parent.
    private static TpeGroup[] Groups(SearchSpace space, TpeOptions options)
    {
        var dimensions = space.Encoding.Dimensions;
        return
        [
            .. Enumerable.Range(0, dimensions.Length)
                .Where(index => dimensions[index].Levels != 1)
                .GroupBy(index => Key(dimensions[index].Hyperparameter.ActiveWhen), index => new TpeDimension(dimensions[index], index), StringComparer.Ordinal)
                .Select(group => new TpeGroup([.. group], options)),
        ];
    }

    private static string Key(Condition? condition)
        => condition is null ? "" : $"{condition.Parent.Name}\n{string.Join('\n', condition.Labels.Order(StringComparer.Ordinal))}";

    private Configuration? MostPromising(AskRequest request)
    {
        var pending = request.Pending.Select(Point).ToList();
        foreach (var group in _groups) group.Open(pending.Where(point => group.IsActive(point.Active)).Select(point => point.Unit));
        try
        {
            var unit = new double[_layout.Count];
            var active = new bool[_layout.Count];
            _space.Encoding.Encode(_space.Default, unit, active);
            var start = (double[])unit.Clone();
            foreach (var group in _groups)
            {
                _layout.Settle(unit, active);
                if (group.IsActive(active)) group.Choose(unit, request.Random);
            }

            var chosen = _layout.Decode(unit);
            return IsNew(chosen, request) ? chosen : BestOfNew(request, start, active);
        }
        finally
        {
            foreach (var group in _groups) group.Close();
        }
    }

    // Where the choice group by group breaks a constraint or repeats a trial: whole configurations, the best of those that do not.
    private Configuration? BestOfNew(AskRequest request, double[] start, bool[] active)
    {
        Configuration? best = null;
        var bestScore = double.NegativeInfinity;
        var unit = new double[start.Length];
        for (var draw = 0; draw < 4 * _options.Candidates; draw++)
        {
            start.CopyTo(unit, 0);
            var score = 0.0;
            foreach (var group in _groups)
            {
                _layout.Settle(unit, active);
                if (!group.IsActive(active)) continue;
                group.Draw(unit, request.Random);
                score += group.Score(unit);
            }

            if (best is not null && !(score > bestScore)) continue;
            var candidate = _layout.Decode(unit);
            if (!IsNew(candidate, request)) continue;
            best = candidate;
            bestScore = score;
        }

        return best;
    }

    private bool IsNew(Configuration configuration, AskRequest request)
    {
        if (_told.Contains(configuration) || !_space.MeetsConstraints(configuration)) return false;
        foreach (var pending in request.Pending)
        {
            if (pending.Configuration.Equals(configuration)) return false;
        }

        return true;
    }

    private (double[] Unit, bool[] Active) Point(Trial trial)
    {
        var unit = new double[_layout.Count];
        var active = new bool[_layout.Count];
        _layout.Encode(trial.Configuration, unit, active);
        return (unit, active);
    }
}
