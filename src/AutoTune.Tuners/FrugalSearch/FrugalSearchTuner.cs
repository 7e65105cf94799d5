using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Tpe;
using AutoTune.Tuning;

namespace AutoTune.Tuners.FrugalSearch;

/// <summary>Local searches from a cheap start, beside a global one; see <see cref="LocalSearch"/> and <see cref="Team"/>.</summary>
/// <remarks>
/// The blend of Wang and others 2021 with a Parzen estimator as the global search. Where costs are measured, of several of its proposals
/// the one is taken that is expected to be the cheapest: all are promising, and what is dear may wait. Moves are recognised by their tag;
/// any other trial counts for the global search, which may begin a local one there. Not thread-safe.
/// </remarks>
internal sealed class FrugalSearchTuner : ITuner
{
    private const int Draws = 30;
    private const int FreshDraws = 1000;
    private const int CheaperOf = 8;
    private const int MeasuredInitialTrials = 4;
    private readonly SearchSpace _space;
    private readonly SpaceLayout _layout;
    private readonly Team _team;
    private readonly TpeTuner? _global;
    private readonly LinearCosts? _costs;
    private readonly bool _isMeasured;
    private readonly long? _cardinality;
    private readonly HashSet<Configuration> _known = []; // membership only

    public FrugalSearchTuner(SearchSpace space, FrugalSearchOptions options, bool isMeasured, RandomSource random)
    {
        _space = space;
        _layout = new SpaceLayout(space);
        _cardinality = space.Cardinality();
        _isMeasured = isMeasured;
        var seeds = random.Fork("frugal search");
        var start = options.Start is { } set ? space.Configure(set) : space.Default;
        if (!space.MeetsConstraints(start)) start = space.Sample(seeds.Fork("start"));
        var unit = new double[_layout.Count];
        _layout.Encode(start, unit, new bool[unit.Length]);
        _team = new Team(_layout, options, isMeasured, unit, seeds);
        if (options.Form == FrugalForm.Local) return;
        _global = new TpeTuner(space, isMeasured ? new TpeOptions { InitialTrials = MeasuredInitialTrials } : new TpeOptions(), seeds);
        if (isMeasured) _costs = new LinearCosts(_layout);
    }

    internal Team Team => _team;

    public void Tell(Trial trial)
    {
        _known.Add(trial.Configuration);
        var unit = new double[_layout.Count];
        var active = new bool[_layout.Count];
        _layout.Encode(trial.Configuration, unit, active);
        // What was stopped is no place to go on from.
        var standing = trial.Loss is null ? new Standing(0, double.NaN) : Standing.Of(trial);
        // A clock that stood still, or went back, makes a trial cheap, not free.
        var cost = _isMeasured ? Math.Max(trial.Duration?.TotalSeconds ?? 0, 1e-6) : 1;
        _global?.Tell(trial);
        _costs?.Tell(unit, active, Observation.LogSecondsOf(trial));
        _team.Tell(MoveTag.Of(trial), unit, active, standing, cost);
    }

    public Proposal Ask(AskRequest request)
    {
        // Nothing new is left: whether one may be tried again, for its noise, is for the study to say.
        if (_cardinality is { } all && _known.Count >= all) return new Proposal.Evaluate(_space.Sample(request.Random));
        var pending = new HashSet<Configuration>(); // membership only
        var tags = new List<MoveTag>();
        foreach (var trial in request.Pending)
        {
            pending.Add(trial.Configuration);
            tags.Add(MoveTag.Of(trial) ?? new MoveTag(MoveTag.Global, 0));
        }

        if (_team.Next(tags) is { } search && Move(search, tags, pending) is { } move) return move;
        if (_global is not null && Promising(request, pending) is { } promising)
            return new Proposal.Evaluate(promising, new MoveTag(MoveTag.Global, 0).ToTags());
        return new Proposal.Evaluate(Fresh(request, pending), new MoveTag(MoveTag.Global, 0).ToTags());
    }

    private Proposal.Evaluate? Move((int Number, LocalSearch Search) local, List<MoveTag> pendingTags, HashSet<Configuration> pending)
    {
        var tag = new MoveTag(local.Number, local.Search.Epoch);
        var index = local.Search.ToldMoves;
        foreach (var other in pendingTags) index += other == tag ? 1 : 0;
        var unit = new double[_layout.Count];
        for (var draw = 0; draw < Draws; draw++)
        {
            local.Search.Move(index, draw, unit);
            var configuration = _layout.Decode(unit);
            if (IsNew(configuration, pending)) return new Proposal.Evaluate(configuration, tag.ToTags());
        }

        return null;
    }

    private Configuration? Promising(AskRequest request, HashSet<Configuration> pending)
    {
        Configuration? best = null;
        var least = double.PositiveInfinity;
        var unit = new double[_layout.Count];
        var active = new bool[_layout.Count];
        for (var i = 0; i < (_costs is null ? 1 : CheaperOf); i++)
        {
            if (_global!.Ask(request with { Random = request.Random.Fork("global", i) }) is not Proposal.Evaluate { Configuration: var configuration }) continue;
            if (!IsNew(configuration, pending)) continue;
            _layout.Encode(configuration, unit, active);
            var cost = _costs?.LogCost(unit, active) ?? 0;
            if (best is not null && !(cost < least)) continue;
            best = configuration;
            least = cost;
        }

        return best;
    }

    private Configuration Fresh(AskRequest request, HashSet<Configuration> pending)
    {
        for (var draw = 0; draw < FreshDraws; draw++)
        {
            var sample = _space.Sample(request.Random);
            if (IsNew(sample, pending)) return sample;
        }

        return _space.Sample(request.Random);
    }

    private bool IsNew(Configuration configuration, HashSet<Configuration> pending)
        => !_known.Contains(configuration) && !pending.Contains(configuration) && _space.MeetsConstraints(configuration);
}
