using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Trees;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Architecture;

/// <summary>Search of architectures by an ensemble of networks that pass messages over a cell's graph.</summary>
/// <remarks>
/// BANANAS (White and others 2021) with a graph network in the place of its path encoding: each candidate's loss is drawn from what the ensemble expects of it (independent
/// Thompson sampling, there in section 4), and the least is next. After few trials the networks agree on what none of them knows, so every second time their disagreement
/// counts more than it is. What is equal in function to a trial that is known or pending is not tried again, nor is a cell whose
/// output does not depend on its input, while there is anything else. Not thread-safe.
/// </remarks>
internal sealed class ArchitectureTuner : ITuner
{
    private const int MinRanked = 2; // one trial tells nothing of how trials differ
    private const int Incumbents = 5;
    private const int FirstDraws = 16, FreshDraws = 1000;
    private const double Narrow = 1, Wide = 4; // chosen: with the first alone one search in five stuck, with 2 or 3 throughout it was slower (decision 36)
    private readonly SearchSpace _space;
    private readonly ArchitectureOptions _options;
    private readonly RandomSource _random;
    private readonly SpaceLayout _layout;
    private readonly SketchLayout _sketches;
    private readonly TreeHistory _history;
    private readonly ArchitectureModel _model;
    private readonly long? _cardinality;
    private readonly List<Sketch> _told = [];
    private readonly HashSet<ulong> _known = []; // membership only
    private readonly List<(Configuration Configuration, double[] Unit)> _first = [];

    public ArchitectureTuner(SearchSpace space, IReadOnlyList<TunableCell> cells, ArchitectureOptions options, RandomSource random, TrialSteps? steps = null)
    {
        _space = space;
        _options = options.Validated();
        _random = random.Fork("architecture");
        _layout = new SpaceLayout(space);
        _sketches = new SketchLayout(space, cells);
        _history = new TreeHistory(_layout, new TreeColumns(_layout), steps);
        _model = new ArchitectureModel(_sketches, options, _random);
        _cardinality = space.Cardinality();
    }

    public void Tell(Trial trial)
    {
        _history.Add(trial);
        var sketch = _sketches.Of(trial.Configuration);
        _told.Add(sketch);
        _known.Add(sketch.Key);
    }

    public Proposal Ask(AskRequest request)
    {
        // Nothing new is left: whether one may be tried again, for its noise, is for the study to say.
        if (_cardinality is { } all && _history.Distinct >= all) return new Proposal.Evaluate(_space.Sample(request.Random));
        var taken = new HashSet<ulong>(_known); // membership only
        var pending = new HashSet<Configuration>(); // membership only
        foreach (var trial in request.Pending)
        {
            pending.Add(trial.Configuration);
            taken.Add(_sketches.Of(trial.Configuration).Key);
        }

        var index = _history.Count + request.Pending.Length;
        Configuration? proposed = null;
        if (index < _options.InitialTrials) proposed = First(index, IsNew);
        else if (_history.Ranked >= MinRanked) proposed = MostPromising(request.Random, request.Trial.Number % 2 == 0 ? Wide : Narrow, taken, IsFree);
        // Where all that is left is equal in function to what is known: such a cell again, and one that leads nowhere last.
        foreach (var isWanted in (Predicate<Configuration>[])[IsNew, configuration => IsFree(configuration) && _sketches.Of(configuration).IsConnected, IsFree])
        {
            for (var draw = 0; draw < FreshDraws && (proposed is null || !isWanted(proposed)); draw++) proposed = _space.Sample(request.Random);
        }

        return new Proposal.Evaluate(proposed!);

        bool IsFree(Configuration configuration) => !_history.Knows(configuration) && !pending.Contains(configuration) && _space.MeetsConstraints(configuration);

        bool IsNew(Configuration configuration) => IsFree(configuration) && _sketches.Of(configuration) is { IsConnected: true } sketch && !taken.Contains(sketch.Key);
    }

    // The default, then of several random ones the one that has least in common with those before.
    private Configuration? First(int index, Predicate<Configuration> isNew)
    {
        while (_first.Count <= index)
        {
            var random = _random.Fork("first", _first.Count);
            Configuration? best = null;
            double[] bestUnit = [];
            var bestDistance = -1.0;
            for (var draw = 0; draw < FirstDraws; draw++)
            {
                var configuration = _first.Count == 0 && draw == 0 ? _space.Default : _space.Sample(random);
                if (!_space.MeetsConstraints(configuration) || !_sketches.Of(configuration).IsConnected) continue;
                var unit = new double[_layout.Count];
                _layout.Encode(configuration, unit, new bool[unit.Length]);
                var distance = _first.Count == 0 ? 0 : _first.Min(other => Distance(unit, other.Unit));
                if (!(distance > bestDistance)) continue;
                (best, bestUnit, bestDistance) = (configuration, unit, distance);
            }

            _first.Add((best ?? _space.Sample(random), bestUnit.Length > 0 ? bestUnit : new double[_layout.Count]));
        }

        return isNew(_first[index].Configuration) ? _first[index].Configuration : null;
    }

    private double Distance(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var j = 0; j < a.Length; j++) sum += _layout[j].Encoded.IsOrdered ? Math.Abs(a[j] - b[j]) : a[j] == b[j] ? 0 : 1;
        return sum;
    }

    private Configuration? MostPromising(RandomSource random, double doubt, HashSet<ulong> taken, Predicate<Configuration> isFree)
    {
        _model.Learn(_history, _told);
        var best = new List<(Standing Standing, int Index)>();
        for (var i = 0; i < _history.Count; i++)
        {
            if (_history.Standings[i].HasLoss) best.Add((_history.Standings[i], i));
        }

        best.Sort();
        var incumbents = best.Take(Incumbents).Select(entry => _history.Observations[entry.Index]).ToList();
        var pool = CandidatePool.Mixed(_layout, random, _options.Candidates, incumbents);
        var seen = new HashSet<ulong>(taken); // membership only
        var drawn = new List<(double Loss, int Index)>();
        for (var i = 0; i < pool.Count; i++)
        {
            var sketch = _sketches.Of(pool.Unit(i), pool.Active(i));
            if (!sketch.IsConnected || !seen.Add(sketch.Key)) continue;
            var (mean, deviation) = _model.Predict(sketch);
            drawn.Add((mean + doubt * deviation * random.NextGaussian(), i));
        }

        drawn.Sort();
        foreach (var (_, index) in drawn)
        {
            var configuration = _layout.Decode(pool.Unit(index));
            if (isFree(configuration)) return configuration;
        }

        return null;
    }
}
