using AutoTune.Spaces;
using AutoTune.Tuning;

namespace AutoTune.Tuners.CmaEs;

/// <summary>CMA-ES with margin and restarts; see <see cref="NormalSearch"/>, <see cref="ChoiceSearch"/> and <see cref="RestartPlan"/>.</summary>
/// <remarks>
/// A generation ends when as many trials as it has samples have been told, whoever proposed them: nothing ever waits. A sample depends on
/// the seed, its generation and its index there alone, the index being the number of trials told in the generation and of those pending.
/// Draws that break a constraint or repeat a trial are drawn again, from the tenth on ever wider. Not thread-safe.
/// </remarks>
internal sealed class CmaEsTuner : ITuner
{
    private const int Draws = 60;
    private const int PlainDraws = 10;
    private const double Widening = 1.1; // a draw: after the last one more than a hundredfold, in effect uniform
    private readonly SearchSpace _space;
    private readonly CmaEsOptions _options;
    private readonly RandomSource _random;
    private readonly CmaLayout _layout;
    private readonly RestartPlan _plan;
    private readonly HashSet<Configuration> _known = []; // membership only
    private readonly List<ToldTrial> _told = [];
    private Configuration _start;
    private Standing _startStanding = new(0, double.NaN);
    private bool _hasBegun;
    private CmaConstants _constants;
    private NormalSearch _numbers;
    private ChoiceSearch _choices;
    private Stagnation _stagnation;
    private long _generation, _runTrials;
    private int _run;

    public CmaEsTuner(SearchSpace space, CmaEsOptions options, RandomSource random)
    {
        _space = space;
        _options = options.Validated();
        _random = random.Fork("CMA-ES");
        _layout = new CmaLayout(space);
        var dimensions = _layout.Ordered + _layout.Choices;
        _plan = new RestartPlan(_options, _options.PopulationSize ?? 4 + (int)(1.2 * PortableMath.Log(Math.Max(1, dimensions))));
        _start = space.Default;
        (_constants, _numbers, _choices, _stagnation) = Begin(Point(_start));
    }

    /// <summary>How many runs came before the present one.</summary>
    internal int Restarts => _run;

    internal NormalSearch Numbers => _numbers;

    public Proposal Ask(AskRequest request)
    {
        var pending = new HashSet<Configuration>();
        foreach (var trial in request.Pending) pending.Add(trial.Configuration);
        var index = _told.Count + request.Pending.Length;
        for (var draw = 0; draw < Draws; draw++)
        {
            var tag = new SampleTag(_generation, index, draw);
            var (_, configuration) = Draw(tag);
            if (_known.Contains(configuration) || pending.Contains(configuration) || !_space.MeetsConstraints(configuration)) continue;
            return new Proposal.Evaluate(configuration, tag.ToTags());
        }

        return new Proposal.Evaluate(_space.Sample(request.Random));
    }

    public void Tell(Trial trial)
    {
        _known.Add(trial.Configuration);
        var standing = Standing.Of(trial);
        if (!_hasBegun && _options.Start == CmaEsStart.BestGiven && trial.Origin is "known point" or "user")
        {
            if (standing < _startStanding)
            {
                (_start, _startStanding) = (trial.Configuration, standing);
                (_constants, _numbers, _choices, _stagnation) = Begin(Point(_start));
            }

            return;
        }

        _hasBegun = true;
        _told.Add(Told(trial, standing));
        if (_told.Count >= _constants.Population) EndGeneration();
    }

    private void EndGeneration()
    {
        _generation++;
        _runTrials += _told.Count;
        var order = Ranking.Order(_told);
        var (best, worst) = (_told[order[0]].Standing, _told[order[^1]].Standing);
        var isOver = false;
        if (best.HasLoss) // failures alone tell nothing
        {
            if (best < worst) // neither do equals
            {
                var weights = Ranking.Weights(_told, _constants.Weights);
                _numbers.Update(_told, weights);
                _choices.Update(_told, weights, _constants.MuEff);
            }

            isOver = _stagnation.Ends(best, _numbers);
        }

        _told.Clear();
        if (!isOver || _options.Restarts == CmaEsRestarts.None) return;
        _run++;
        var random = _random.Fork("run", _run);
        _plan.Next(_runTrials, random);
        _runTrials = 0;
        (_constants, _numbers, _choices, _stagnation) = Begin(Point(_space.Sample(random)));
    }

    private (CmaConstants, NormalSearch, ChoiceSearch, Stagnation) Begin(double[] mean)
    {
        var constants = new CmaConstants(_layout.Ordered, _plan.Population);
        return (constants, new NormalSearch(_layout, constants, mean, _plan.Sigma), new ChoiceSearch(_layout), new Stagnation(_layout, _plan.Population));
    }

    private double[] Point(Configuration configuration)
    {
        var point = new double[_layout.Ordered];
        _layout.Encode(configuration, point, new bool[_layout.Ordered], new int[_layout.Choices]);
        return point;
    }

    // The very first is the start itself: what somebody who knows the subject would try.
    private (double[] Point, Configuration Configuration) Draw(SampleTag tag)
    {
        if (tag is { Generation: 0, Index: 0, Draw: 0 }) return (Point(_start), _start);
        var random = _random.Fork("generation", tag.Generation).Fork("sample", tag.Index).Fork("draw", tag.Draw);
        var point = new double[_layout.Ordered];
        var levels = new int[_layout.Choices];
        var widening = 1.0;
        for (var draw = PlainDraws; draw <= tag.Draw; draw++) widening *= Widening;
        _numbers.Draw(random.Fork("numbers"), widening, point);
        _choices.Draw(random.Fork("choices"), levels);
        return (point, _layout.Decode(point, levels));
    }

    private ToldTrial Told(Trial trial, Standing standing)
    {
        var told = new ToldTrial(new double[_layout.Ordered], new bool[_layout.Ordered], new int[_layout.Choices], standing);
        _layout.Encode(trial.Configuration, told.Point, told.Active, told.Levels);
        // A sample of this generation: what was drawn tells more than the centre of its bin, which is the same for many draws.
        if (SampleTag.Of(trial) is { } tag && tag.Generation == _generation && tag.Draw < Draws
            && Draw(tag) is var (point, configuration) && configuration.Equals(trial.Configuration)) return told with { Point = point };

        // Another's: where a coordinate does not exist, a draw stands in.
        var drawn = new double[_layout.Ordered];
        _numbers.Draw(_random.Fork("absent", _generation).Fork("told", _told.Count), 1, drawn);
        for (var j = 0; j < drawn.Length; j++)
        {
            if (!told.Active[j]) told.Point[j] = drawn[j];
        }

        return told;
    }
}
