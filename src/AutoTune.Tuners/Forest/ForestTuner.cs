using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Portfolio;
using AutoTune.Tuners.Trees;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Forest;

/// <summary>Model-based search with a random forest: the configuration of the largest expected improvement is next.</summary>
/// <remarks>Hutter, Hoos and Leyton-Brown 2011 (SMAC). Not thread-safe.</remarks>
internal sealed class ForestTuner : ITuner, ILeftOutPredictor
{
    private const int Incumbents = 5;
    private const int PartOfTrees = 3;
    private readonly ForestOptions _options;
    private readonly TreeProposer _proposer;
    private readonly ForestModel _model;

    public ForestTuner(SearchSpace space, ForestOptions options, RandomSource random, TrialSteps? steps = null)
    {
        _options = options.Validated();
        _proposer = new TreeProposer(space, options.InitialTrials, options.RandomShare, random.Fork("forest"), steps);
        _model = new ForestModel(_proposer.History, _proposer.Columns, options, random.Fork("forest"));
    }

    public void Tell(Trial trial) => _proposer.History.Add(trial);

    public Proposal Ask(AskRequest request) => _proposer.Ask(request, isFree => MostPromising(request, isFree));

    public double[] PredictLeftOut()
    {
        if (!_proposer.IsModelDue) return [];
        var forest = _model.Current();
        var predicted = new double[_proposer.History.Count];
        for (var i = 0; i < predicted.Length; i++) predicted[i] = forest.OutOfBag(i);
        return predicted;
    }

    private Configuration? MostPromising(AskRequest request, Predicate<Configuration> isFree)
    {
        var forest = _model.Current();
        // A third of the trees, others for each trial: what all together say varies too little from trial to trial, and the search sticks.
        var trees = new int[forest.Trees];
        for (var t = 0; t < trees.Length; t++) trees[t] = t;
        request.Random.Shuffle<int>(trees);
        trees = trees[..Math.Max(2, forest.Trees / PartOfTrees)];
        var best = _proposer.Least(row => forest.MeanAt(row, trees), Incumbents);
        var pending = new double[request.Pending.Length][];
        for (var i = 0; i < pending.Length; i++) pending[i] = _proposer.History.RowOf(Observation.Of(request.Pending[i], _proposer.Layout));
        var acquisition = new ForestAcquisition(forest, trees, best[0].Value, pending);
        return _proposer.Search.Find(acquisition.Value, best.ConvertAll(entry => entry.Trial), _proposer.History.Observations, isFree,
            _options.Candidates, request.Random);
    }
}
