using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Trees;

/// <summary>What the tuners with trees have in common: the first trials, a random share, and no configuration twice.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class TreeProposer
{
    private const int MinRanked = 2; // one trial tells nothing of how trials differ
    private const int FreshDraws = 1000;
    private readonly SearchSpace _space;
    private readonly InitialDesign _design;
    private readonly double _randomShare;
    private readonly long? _cardinality;

    /// <summary>A proposer.</summary>
    /// <param name="space">The space.</param>
    /// <param name="initialTrials">How many trials come before the model; null: the rule of <see cref="InitialDesign"/>.</param>
    /// <param name="randomShare">Which share of the trials is drawn at random: what a model rules out wrongly is found by these alone.</param>
    /// <param name="random">Randomness for the whole study.</param>
    /// <param name="steps">What the steps of its trials are, if that was said.</param>
    public TreeProposer(SearchSpace space, int? initialTrials, double randomShare, RandomSource random, TrialSteps? steps)
    {
        _space = space;
        _randomShare = randomShare;
        _cardinality = space.Cardinality();
        Layout = new SpaceLayout(space);
        Columns = new TreeColumns(Layout);
        History = new TreeHistory(Layout, Columns, steps);
        Search = new TreeSearch(space, Layout, Columns);
        _design = new InitialDesign(space, Layout, random, initialTrials);
    }

    public SpaceLayout Layout { get; }

    public TreeColumns Columns { get; }

    public TreeHistory History { get; }

    public TreeSearch Search { get; }

    /// <summary>Whether enough is known for a model.</summary>
    public bool IsModelDue => History.Ranked >= MinRanked;

    /// <summary>The next proposal.</summary>
    /// <param name="request">The question.</param>
    /// <param name="byModel">What a model would propose of what is free; null if nothing.</param>
    public Proposal Ask(AskRequest request, Func<Predicate<Configuration>, Configuration?> byModel)
    {
        // Nothing new is left: whether one may be tried again, for its noise, is for the study to say.
        if (_cardinality is { } all && History.Distinct >= all) return new Proposal.Evaluate(_space.Sample(request.Random));
        var pending = new HashSet<Configuration>();
        foreach (var trial in request.Pending) pending.Add(trial.Configuration);
        var index = History.Count + request.Pending.Length;
        Configuration? proposed = null;
        if (index < _design.Count) proposed = _design[index];
        else if (IsModelDue && request.Random.Fork("random share").NextDouble() >= _randomShare) proposed = byModel(IsFree);
        for (var draw = 0; draw < FreshDraws && (proposed is null || !IsFree(proposed)); draw++) proposed = _space.Sample(request.Random);
        return new Proposal.Evaluate(proposed!);

        bool IsFree(Configuration configuration)
            => !History.Knows(configuration) && !pending.Contains(configuration) && _space.MeetsConstraints(configuration);
    }

    /// <summary>The trials of the smallest values, smallest first, of those that gave a loss; after them, of those that broke requirements.</summary>
    /// <param name="valueAt">The value of trial number i of the history.</param>
    /// <param name="count">How many at most.</param>
    public List<(double Value, Observation Trial)> Least(Func<int, double> valueAt, int count)
    {
        var order = new List<(bool IsBroken, double Value, int Index)>(History.Count);
        for (var i = 0; i < History.Count; i++)
        {
            if (double.IsFinite(History.Observations[i].Loss) || History.IsBroken(i)) order.Add((History.IsBroken(i), valueAt(i), i));
        }

        order.Sort();
        return order.GetRange(0, Math.Min(count, order.Count)).ConvertAll(entry => (entry.Value, History.Observations[entry.Index]));
    }
}
