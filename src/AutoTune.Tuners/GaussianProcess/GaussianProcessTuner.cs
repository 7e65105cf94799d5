using AutoTune.Tuners.EarlyStopping;
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
    private const int Turns = 3; // chosen: the wide view of the whole space, the near view of the box, the near view of the whole space
    private const int WideTurn = 0, BoxTurn = 1;
    private const int TurnsPerHearing = 6, HearingTurn = 2; // chosen: every third trial cost spaces with many choices more than it brought
    private const int DrawsPerDesignPoint = 100;
    private const int DesignWithGradients = 4; // chosen: a trial that tells its gradient tells as much as d + 1 others
    private readonly SearchSpace _space;
    private readonly GaussianProcessOptions _options;
    private readonly SpaceLayout _layout;
    private readonly InitialDesign _design;
    private readonly ModelHistory _history;
    private readonly bool _hasBox; // elsewhere it brought nothing (decision 11), and its sides would have to be bent as the ranges are
    private readonly bool _hasOrder;
    private readonly CostModel _costs;
    private readonly RequirementModels _requirements;

    public GaussianProcessTuner(SearchSpace space, GaussianProcessOptions options, RandomSource random, StudyLimits limits = default)
    {
        _space = space;
        _options = options.Validated();
        _layout = new SpaceLayout(space);
        _hasOrder = space.Encoding.Dimensions.All(dimension => dimension.IsOrdered);
        _hasBox = !_options.WarpInputs && space.Cardinality() is null && _hasOrder;
        _design = new InitialDesign(space, _layout, random.Fork("Gaussian process"), options.InitialTrials, branchesCount: true);
        _history = new ModelHistory(_layout, options.MaxModelTrials, options.Noise, options.WarpInputs, limits.Steps);
        _costs = new CostModel(_layout, limits, options.CostAware);
        _requirements = new RequirementModels(_layout, options.MaxModelTrials);
    }

    public void Tell(Trial trial)
    {
        var observation = _history.Add(trial);
        _costs.Add(trial, observation);
        _requirements.Add(trial, observation);
    }

    public Proposal Ask(AskRequest request)
    {
        var taken = Taken(request);
        // Nothing new is left: whether one may be tried again, for its noise, is for the study to say.
        if (_space.Cardinality() is { } all && taken.Count >= all) return new Proposal.Evaluate(_space.Sample(request.Random));

        var index = _history.Observations.Count + request.Pending.Length;
        var (unfinished, pending) = Sort(request);
        if (index < DesignCount || _history.WithLoss + unfinished.Count < MinLosses) return new Proposal.Evaluate(DesignPoint(index, taken, request.Random));
        return new Proposal.Evaluate(MostPromising(request, unfinished, pending, taken) ?? _space.Sample(request.Random));
    }

    /// <summary>Whether a trial's number is one of those whose proposals come from the wide view of the whole space.</summary>
    public static bool IsWideTurn(TrialId trial) => trial.Number % Turns == WideTurn;

    /// <summary>Which of several points is the most promising; -1 if all are taken or break a constraint, or if there are too few losses to say.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="units">The points, one after the other (m d).</param>
    /// <param name="actives">Which hyperparameters exist (m d).</param>
    public int MostPromisingOf(AskRequest request, ReadOnlySpan<double> units, ReadOnlySpan<bool> actives)
    {
        var (unfinished, pending) = Sort(request);
        if (_history.WithLoss + unfinished.Count < MinLosses) return -1;
        var values = new double[units.Length / _layout.Count];
        Judge(request, LossView.Near, unfinished, pending).Acquisition.Evaluate(units, actives, values);
        var taken = Taken(request);
        var best = -1;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > (best < 0 ? double.NegativeInfinity : values[best]) && !taken.Contains(_layout.Decode(units.Slice(i * _layout.Count, _layout.Count)))) best = i;
        }

        return best;
    }

    /// <summary>Warped losses, from the near view; a trial that the model does not hold is left out anyway.</summary>
    public double[] PredictLeftOut()
    {
        var trials = _history.Observations;
        if (trials.Count < _design.Count || _history.WithLoss < MinLosses) return [];
        var (kept, set, settings) = _history.Model(LossView.Near, []);
        var surrogate = Surrogate.Of(set, settings, []);
        var held = surrogate.LeftOutMeans();
        var means = new double[trials.Count];
        double[] variance = [0];
        for (int i = 0, k = 0; i < means.Length; i++)
        {
            if (k < kept.Count && ReferenceEquals(kept[k].Unit, trials[i].Unit))
            {
                means[i] = held[k++];
                continue;
            }

            surrogate.Predict(Features(trials[i]), means.AsSpan(i, 1), variance);
        }

        return means;
    }

    // Choices without order are told apart by values alone, and have to be seen.
    private int DesignCount => _options.InitialTrials is null && _hasOrder && _history.HasGradients ? Math.Min(_design.Count, DesignWithGradients) : _design.Count;

    private HashSet<Configuration> Taken(AskRequest request)
    {
        var taken = new HashSet<Configuration>(_history.Configurations);
        foreach (var trial in request.Pending) taken.Add(trial.Configuration);
        return taken;
    }

    // Those that have reported count by their forecasts; but what opened a study on a share of the data tells nothing beside whole trials (decision 40).
    private (List<Observation> Unfinished, List<Observation> Pending) Sort(AskRequest request)
    {
        List<Observation> unfinished = [], pending = [];
        foreach (var trial in request.Pending)
        {
            var observation = Observation.Of(trial, _layout);
            var tells = _history.WithLoss == 0 || !ShareOpening.Has(trial);
            if (trial.State == TrialState.Paused && !tells) continue;
            (tells && double.IsFinite(observation.Loss) ? unfinished : pending).Add(observation);
        }

        return (unfinished, pending);
    }

    private Configuration? MostPromising(AskRequest request, List<Observation> unfinished, List<Observation> pending, HashSet<Configuration> taken)
    {
        var (acquisition, best) = Judge(request, IsWideTurn(request.Trial) ? LossView.Wide : LossView.Near, unfinished, pending);
        if (request.Trial.Number % TurnsPerHearing == HearingTurn)
        {
            if (ChoiceSwaps.Find(_layout, _history.Observations, best[0], acquisition, taken) is { } swap) return swap;
            // Nothing is found where constraints leave nothing of the branch: then the turn is one as any other.
            if (BranchHearing.Find(_layout, [.. _history.Observations, .. unfinished, .. pending], best[0]) is { } branch
                && AcquisitionSearch.Find(_space, _layout, acquisition, best, null, taken, _options, request.Random, branch) is { } heard) return heard;
        }

        if (!_hasBox || request.Trial.Number % Turns != BoxTurn) return AcquisitionSearch.Find(_space, _layout, acquisition, best, null, taken, _options, request.Random);
        return AcquisitionSearch.Find(_space, _layout, acquisition, best[..1], Box(best[0], acquisition), taken, _options, request.Random);
    }

    // How promising points are, and the best trials.
    private (Acquisition Acquisition, List<Observation> Best) Judge(AskRequest request, LossView view, List<Observation> unfinished, List<Observation> pending)
    {
        var (kept, set, settings) = _history.Model(view, unfinished);
        var surrogate = Surrogate.Of(set, settings, pending);
        var feasibility = _requirements.Term([.. pending, .. unfinished]);

        // While no trial meets the requirements there is nothing to improve on: only the chance to meet them counts, and the trials that
        // come closest to it. Else what the model expects of those that meet them, without their noise.
        var order = new List<(double Rank, int Index)>(set.Count);
        for (var i = 0; i < set.Count; i++)
        {
            if (!double.IsFinite(kept[i].Loss) || (kept[i].MeetsRequirements != _requirements.AnyMet && feasibility is not null)) continue;
            order.Add((feasibility is null || _requirements.AnyMet ? surrogate.MeanAt(i) : feasibility.ExpectedViolation(Features(kept[i])), i));
        }

        order.Sort();
        var best = new List<Observation>(Incumbents);
        for (var i = 0; i < Math.Min(Incumbents, order.Count); i++) best.Add(kept[order[i].Index]);
        var terms = new List<IAcquisitionTerm>();
        if (feasibility is null || _requirements.AnyMet) terms.Add(new ExpectedImprovement(surrogate, ToImprove(order[0].Rank, pending.Count, surrogate, feasibility)));
        if (feasibility is not null) terms.Add(feasibility);
        if (_costs.Term(request.Trial) is { } cost) terms.Add(cost);
        return (new Acquisition(_space, _layout, surrogate, terms), best);
    }

    private TrustBox Box(Observation centre, Acquisition acquisition)
    {
        var reaches = new double[_layout.Count];
        for (var j = 0; j < reaches.Length; j++) reaches[j] = _layout[j] is { Column: >= 0, Encoded.IsOrdered: true } ? acquisition.Reach(j) : 1;
        return new TrustBox(_layout, centre, TrustBox.LengthAfter(_history.Observations, _design.Count, _layout.EffectiveDimensions), reaches);
    }

    // What is expected of pending trials counts too, or all would be sent to one place.
    private static double ToImprove(double best, int pending, Surrogate surrogate, Feasibility? feasibility)
    {
        for (var i = 0; i < pending; i++)
        {
            if (feasibility?.ExpectsPending(i) ?? true) best = Math.Min(best, surrogate.PendingMean(i));
        }

        return best;
    }

    private double[] Features(Observation observation)
    {
        var features = new double[_layout.Columns];
        _layout.Features(observation.Unit, observation.Active, features);
        return features;
    }

    private Configuration DesignPoint(int index, HashSet<Configuration> taken, RandomSource random)
    {
        var point = _design[index];
        for (var draw = 0; draw < DrawsPerDesignPoint && (taken.Contains(point) || !_space.MeetsConstraints(point)); draw++) point = _space.Sample(random);
        return point;
    }
}
