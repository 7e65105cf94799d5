using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Portfolio;
using AutoTune.Tuners.Trees;
using AutoTune.Tuning;

namespace AutoTune.Tuners.QuantileBoosting;

/// <summary>Conformal quantile regression with Thompson sampling: what is lowest in one drawn view of the losses is next.</summary>
/// <remarks>
/// Salinas and others 2023; Doyle 2025. One fold's ensemble and one quantile level are drawn for each trial and taken at all points alike:
/// a function that could be the loss, which walks can lead down. Pending trials need no more than that: each draw is another
/// function. Not thread-safe.
/// </remarks>
internal sealed class QuantileBoostingTuner : ITuner, ILeftOutPredictor
{
    private const int Incumbents = 5;
    private readonly QuantileBoostingOptions _options;
    private readonly TreeProposer _proposer;
    private readonly QuantileModel _model;

    public QuantileBoostingTuner(SearchSpace space, QuantileBoostingOptions options, RandomSource random, TrialSteps? steps = null)
    {
        _options = options.Validated();
        _proposer = new TreeProposer(space, options.InitialTrials, options.RandomShare, random.Fork("quantile boosting"), steps);
        _model = new QuantileModel(_proposer.History, _proposer.Columns, options, random.Fork("quantile boosting"));
    }

    public void Tell(Trial trial) => _proposer.History.Add(trial);

    public Proposal Ask(AskRequest request) => _proposer.Ask(request, isFree => MostPromising(request, isFree));

    public double[] PredictLeftOut()
    {
        if (!_proposer.IsModelDue) return [];
        var model = _model.Current();
        var quantiles = new double[QuantileEnsemble.Levels.Length];
        var predicted = new double[_proposer.History.Count];
        for (var i = 0; i < predicted.Length; i++)
        {
            model.LeftOut(_proposer.History.Rows[i], i, quantiles);
            predicted[i] = quantiles[quantiles.Length / 2];
        }

        return predicted;
    }

    private Configuration? MostPromising(AskRequest request, Predicate<Configuration> isFree)
    {
        var model = _model.Current();
        var fold = request.Random.NextInt(ConformalQuantiles.Folds);
        var level = request.Random.NextDouble();
        var quantiles = new double[QuantileEnsemble.Levels.Length];
        var best = _proposer.Least(i => Loss(_proposer.History.Rows[i]), Incumbents).ConvertAll(entry => entry.Trial);
        return _proposer.Search.Find(row => -Loss(row), best, _proposer.History.Observations, isFree, _options.Candidates, request.Random);

        double Loss(ReadOnlySpan<double> row)
        {
            model.Predict(fold, row, quantiles);
            return QuantileEnsemble.Between(quantiles, level);
        }
    }
}
