using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Populations;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Generative;

/// <summary>Search by a generator that learns, against a discriminator, what good configurations look like; see <see cref="AdversarialPair"/>.</summary>
/// <remarks>
/// After OPT-GAN (Lu and others 2021): the generator's distribution closes in on the best trials as these get better. Learning is a fold of the trials told: both networks go on from
/// where they were. Not thread-safe.
/// </remarks>
internal sealed class GenerativeTuner : ITuner
{
    private const string Key = "generative";
    private const int LeastGood = 4, MostGood = 20;
    private const double WideTrials = 10; // after so many trials the share of random points among the good is a half
    private readonly SearchSpace _space;
    private readonly GenerativeOptions _options;
    private readonly RandomSource _random;
    private readonly InitialDesign _design;
    private readonly Novelty _novelty;
    private readonly AdversarialPair _pair;
    private readonly List<Individual> _ranked = []; // the best first
    private int _told;

    public GenerativeTuner(SearchSpace space, GenerativeOptions options, RandomSource random)
    {
        _space = space;
        _options = options.Validated();
        _random = random.Fork(Key);
        var layout = new SpaceLayout(space);
        _design = new InitialDesign(space, layout, _random, options.InitialTrials);
        _novelty = new Novelty(space, Key);
        _pair = new AdversarialPair(space, layout, options.LearningRate, _random);
    }

    public void Tell(Trial trial)
    {
        _told++;
        _novelty.Tell(trial.Configuration);
        var individual = Individual.Of(trial, _space);
        if (individual.Standing.HasLoss)
        {
            var at = _ranked.BinarySearch(individual);
            _ranked.Insert(at < 0 ? ~at : at, individual);
        }

        if (!IsReady) return;
        var good = Math.Clamp((int)Math.Ceiling(_options.GoodShare * _ranked.Count), Math.Min(LeastGood, _ranked.Count - 1), MostGood);
        _pair.Learn(_ranked.GetRange(0, good), _ranked.GetRange(good, _ranked.Count - good), WideTrials / (WideTrials + _told), _options.StepsPerTrial, _random.Fork("learn", _told));
    }

    public Proposal Ask(AskRequest request)
    {
        var index = _told + request.Pending.Length;
        return _novelty.Propose(request, (draw, random) => index < _options.InitialTrials || !IsReady ? First(index, draw, random) : Generated(draw, random));
    }

    private bool IsReady => _told >= _options.InitialTrials && _ranked.Count >= 2;

    private Draft First(int index, int draw, RandomSource random)
        => new(draw == 0 ? _design[index] : _space.Sample(random), "first", index == 0 ? "the default configuration" : "before there is a generator");

    private Draft Generated(int draw, RandomSource random)
    {
        if (random.NextDouble() < _options.RandomShare) return new Draft(_space.Sample(random), "random", "at random, as a share of the trials is");
        // Later draws are freer, as what the discriminator liked best was known, or met no constraint.
        Configuration? best = null;
        var bestLogit = double.NegativeInfinity;
        for (var candidate = 0; candidate < Math.Max(1, _options.Candidates - draw); candidate++)
        {
            var (configuration, logit) = _pair.Propose(random);
            if (best is null || logit > bestLogit) (best, bestLogit) = (configuration, logit);
        }

        var unit = new double[_space.Encoding.Dimensions.Length];
        _space.Encoding.Encode(best!, unit, []);
        _space.Widen(unit, Novelty.WidthOf(draw), random);
        return new Draft(_space.Encoding.Decode(unit), "generated", "generated; the discriminator took it for the best of several");
    }
}
