using AutoTune.Tuners.Portfolio;
using AutoTune.Tuning;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>Bayesian optimisation: a Gaussian process predicts the loss, and the configuration of the largest expected improvement is next.</summary>
/// <remarks>
/// Mixed, conditional and constrained spaces: see <see cref="SpaceLayout"/>. Losses of any scale: see <see cref="LossWarp"/>. A call of
/// <see cref="Ask"/> costs the cube of the trials that the model holds once for the factor, and their square for each point looked at.
/// Not thread-safe.
/// </remarks>
internal sealed class GaussianProcessTuner : ITuner, ILeftOutPredictor
{
    private const int Incumbents = 5;
    private const int MinLosses = 2; // one loss tells nothing of how losses differ
    private const int TrialsPerWideView = 3; // chosen: two of three trials go deep
    private const int DrawsPerDesignPoint = 100;
    private readonly SearchSpace _space;
    private readonly GaussianProcessOptions _options;
    private readonly SpaceLayout _layout;
    private readonly InitialDesign _design;
    private readonly ModelHistory _history;
    private readonly CostModel _costs;

    public GaussianProcessTuner(SearchSpace space, GaussianProcessOptions options, RandomSource random, StudyLimits limits = default)
    {
        _space = space;
        _options = options.Validated();
        _layout = new SpaceLayout(space);
        _design = new InitialDesign(space, _layout, random.Fork("Gaussian process"), options.InitialTrials);
        _history = new ModelHistory(_layout, options.MaxModelTrials);
        _costs = new CostModel(_layout, limits, options.CostAware);
    }

    public void Tell(Trial trial) => _costs.Add(trial, _history.Add(trial));

    public Proposal Ask(AskRequest request)
    {
        var taken = new HashSet<Configuration>(_history.Configurations);
        foreach (var pending in request.Pending) taken.Add(pending.Configuration);
        // Nothing new is left: whether one may be tried again, for its noise, is for the study to say.
        if (_space.Cardinality() is { } all && taken.Count >= all) return new Proposal.Evaluate(_space.Sample(request.Random));

        var index = _history.Observations.Count + request.Pending.Length;
        if (index < _design.Count || _history.WithLoss < MinLosses) return new Proposal.Evaluate(DesignPoint(index, taken, request.Random));
        return new Proposal.Evaluate(MostPromising(request, taken) ?? _space.Sample(request.Random));
    }

    /// <summary>Warped losses, from the near view; a trial that the model does not hold is left out anyway.</summary>
    public double[] PredictLeftOut()
    {
        var trials = _history.Observations;
        if (trials.Count < _design.Count || _history.WithLoss < MinLosses) return [];
        var (kept, set, settings) = _history.Model(LossView.Near);
        var surrogate = Surrogate.Of(set, settings, []);
        var held = surrogate.LeftOutMeans();
        var means = new double[trials.Count];
        var features = new double[_layout.Columns];
        double[] variance = [0];
        for (int i = 0, k = 0; i < means.Length; i++)
        {
            if (k < kept.Count && ReferenceEquals(kept[k], trials[i]))
            {
                means[i] = held[k++];
                continue;
            }

            _layout.Features(trials[i].Unit, trials[i].Active, features);
            surrogate.Predict(features, means.AsSpan(i, 1), variance);
        }

        return means;
    }

    private Configuration? MostPromising(AskRequest request, HashSet<Configuration> taken)
    {
        var view = request.Trial.Number % TrialsPerWideView == 0 ? LossView.Wide : LossView.Near;
        var (kept, set, settings) = _history.Model(view);
        var pending = new List<Observation>(request.Pending.Length);
        foreach (var trial in request.Pending) pending.Add(Observation.Of(trial, _layout));
        var surrogate = Surrogate.Of(set, settings, pending);

        // What the model expects of the trials that completed, without their noise, is what there is to improve on;
        // of those that are pending likewise, or all would be sent to one place.
        var order = new List<(double Mean, int Index)>(set.Count);
        for (var i = 0; i < set.Count; i++)
        {
            if (double.IsFinite(kept[i].Loss)) order.Add((surrogate.MeanAt(i), i));
        }

        order.Sort();
        var best = new List<Observation>(Incumbents);
        for (var i = 0; i < Math.Min(Incumbents, order.Count); i++) best.Add(kept[order[i].Index]);
        IAcquisitionTerm[] terms = _costs.Term(request.Trial) is { } cost ? [cost] : [];
        var acquisition = new Acquisition(_space, _layout, surrogate, Math.Min(order[0].Mean, surrogate.LeastPendingMean()), terms);
        return AcquisitionSearch.Find(_space, _layout, acquisition, best, taken, _options, request.Random);
    }

    private Configuration DesignPoint(int index, HashSet<Configuration> taken, RandomSource random)
    {
        var point = _design[index];
        for (var draw = 0; draw < DrawsPerDesignPoint && (taken.Contains(point) || !_space.MeetsConstraints(point)); draw++) point = _space.Sample(random);
        return point;
    }
}
