using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Tpe;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>An agent that chooses configurations and learns from how they rank; see <see cref="Policy"/> and <see cref="PolicyTraining"/>.</summary>
/// <remarks>
/// Asking draws from the policy, and looks one step ahead: of several draws a Gaussian process of the study's losses picks the most promising. Every third trial
/// that process searches the whole space itself: a policy that is sure of itself, from earlier studies, does not look where this one is different (decision 32). Telling improves
/// the policy after each batch. A trial notes how many trials the agent knew and how likely it was, so the policy before an improvement is restored from the told
/// trials and their notes. Trials without the note are imitated where they are good. Not thread-safe.
/// </remarks>
internal sealed class ReinforcementTuner : ITuner
{
    private const int Recent = 32, MostElites = 16, LeastToLearn = 4;
    private const int MostDraws = 200;
    private const int EarlierWeight = 20, EarlierSample = 32; // an earlier study's say is halved after twenty trials
    private const double FirstEntropy = 0.6;
    private readonly SearchSpace _space;
    private readonly ReinforcementOptions _options;
    private readonly SpaceLayout _layout;
    private readonly InitialDesign _design;
    private readonly int _initial;
    private readonly Policy _policy;
    private readonly PolicyTraining _training;
    private readonly RandomSource _random;
    private readonly StudyRecord _record;
    private readonly EarlierTraining? _earlier;
    private readonly GaussianProcessTuner? _model; // of this study's losses: it judges what the policy would choose
    private readonly List<Situation> _situations = []; // by how many trials were told
    private readonly List<Episode> _own = [], _others = [];
    private readonly HashSet<Configuration> _told = []; // membership only
    private readonly long? _cardinality;
    private int _sinceImproved;

    public ReinforcementTuner(SearchSpace space, ReinforcementOptions options, RandomSource random, StudyLimits limits)
    {
        _space = space;
        _options = options.Validated();
        _random = random.Fork("reinforcement");
        _layout = new SpaceLayout(space);
        _policy = new Policy(space, _layout, _random);
        _training = new PolicyTraining(_policy, options.Clip, options.LearningRate);
        _record = new StudyRecord(_layout.Count, limits.Trials);
        _situations.Add(_record.Situation());
        _cardinality = space.Cardinality();
        if (EarlierStudy.All(space, options.Earlier) is { Count: > 0 } earlier && _policy.Actions > 0)
        {
            _earlier = new EarlierTraining(earlier, _layout, _policy, _training, _random.Fork("earlier"), limits.Trials);
            _earlier.Execute();
        }

        _initial = options.InitialTrials ?? (_earlier is null ? 8 : EarlierTraining.Shown);
        if (options.Candidates > 1 && _policy.Actions > 0) _model = new GaussianProcessTuner(space, new GaussianProcessOptions { InitialTrials = Math.Max(_initial, LeastToLearn) }, _random, limits);
        _design = new InitialDesign(space, _layout, _random, Math.Max(_initial, 1));
    }

    public void Tell(Trial trial)
    {
        double[] unit = new double[_layout.Count];
        bool[] active = new bool[_layout.Count];
        _layout.Encode(trial.Configuration, unit, active);
        var tag = PolicyTag.Of(trial);
        var isOwn = tag is { } own && own.Told < _situations.Count;
        var episode = new Episode(_situations[isOwn ? tag!.Value.Told : ^1], unit, active) { LogLikelihood = isOwn ? tag!.Value.LogLikelihood : double.NaN };
        (isOwn ? _own : _others).Add(episode);
        _record.Add(TrialRank.Of(trial), episode);
        _situations.Add(_record.Situation());
        _told.Add(trial.Configuration);
        _model?.Tell(trial);
        if (++_sinceImproved < _options.BatchTrials || _record.Count < LeastToLearn || _policy.Actions == 0) return;
        _sinceImproved = 0;
        Improve();
    }

    public Proposal Ask(AskRequest request)
    {
        // Nothing new is left: whether one may be tried again, for its noise, is for the study to say.
        if (_cardinality is { } all && _told.Count >= all) return new Proposal.Evaluate(_space.Sample(request.Random));
        var index = _record.Count + request.Pending.Length;
        if (index < _initial && First(index) is var first && IsNew(first, request)) return new Proposal.Evaluate(first);
        double[] unit = new double[_layout.Count];
        bool[] active = new bool[_layout.Count];
        if (_model is not null && index >= _initial && _record.Count >= LeastToLearn && Planned(request, _model) is { } planned) return planned;
        for (var draw = 0; draw < MostDraws && (index >= _initial || _earlier is not null) && _policy.Actions > 0; draw++)
        {
            var log = _policy.Sample(_situations[^1], request.Random, unit, active);
            var chosen = _layout.Decode(unit);
            if (IsNew(chosen, request)) return new Proposal.Evaluate(chosen, new PolicyTag(_record.Count, log).ToTags());
        }

        for (var draw = 0; draw < MostDraws; draw++)
        {
            var sample = _space.Sample(request.Random);
            if (IsNew(sample, request)) return new Proposal.Evaluate(sample);
        }

        return new Proposal.Evaluate(_space.Sample(request.Random));
    }

    // In every third trial the model searches alone; in others half of the candidates are what the policy would begin with: near the best trial alone one does not get out of a wrong choice.
    private Proposal.Evaluate? Planned(AskRequest request, GaussianProcessTuner model)
    {
        if (GaussianProcessTuner.IsWideTurn(request.Trial)) return model.Ask(request) as Proposal.Evaluate;
        var d = _layout.Count;
        double[] units = new double[_options.Candidates * d], unit = new double[d], logs = new double[_options.Candidates];
        bool[] actives = new bool[units.Length], active = new bool[d];
        for (var i = 0; i < logs.Length; i++)
        {
            logs[i] = _policy.Sample(IsPresent(i) ? _situations[^1] : _situations[0], request.Random, unit, active);
            unit.CopyTo(units, i * d);
            active.CopyTo(actives, i * d);
        }

        var chosen = model.MostPromisingOf(request, units, actives);
        if (chosen < 0) return null;
        var configuration = _layout.Decode(units.AsSpan(chosen * d, d));
        return IsPresent(chosen) ? new Proposal.Evaluate(configuration, new PolicyTag(_record.Count, logs[chosen]).ToTags()) : new Proposal.Evaluate(configuration);

        static bool IsPresent(int candidate) => candidate % 2 == 0;
    }

    // What was best in earlier studies is what a policy that imitates them would do, without its doubts.
    private Configuration First(int index) => _earlier is null ? _design[index] : _layout.Decode(_earlier.Best(index).Unit);

    private void Improve()
    {
        _record.Rate();
        List<Episode> elites = [.. _record.BestFirst.Take(Math.Min(MostElites, (_record.Count + 3) / 4)).Where(episode => episode.Score > 0)];
        var others = Latest(_others);
        if (_earlier is not null)
        {
            // Earlier studies are not forgotten at once.
            var share = (int)Math.Round((double)EarlierSample * EarlierWeight / (EarlierWeight + _record.Count));
            others = [.. others, .. _earlier.Examples(share, _record.Count)];
        }

        var target = FirstEntropy + (_options.FinalEntropy - FirstEntropy) * _record.Progress;
        _training.Improve(Latest(_own), others, elites, target, _options.Epochs);
    }

    private static List<Episode> Latest(List<Episode> episodes) => episodes.GetRange(Math.Max(0, episodes.Count - Recent), Math.Min(Recent, episodes.Count));

    private bool IsNew(Configuration configuration, AskRequest request)
    {
        if (_told.Contains(configuration) || !_space.MeetsConstraints(configuration)) return false;
        foreach (var pending in request.Pending)
        {
            if (pending.Configuration.Equals(configuration)) return false;
        }

        return true;
    }
}
