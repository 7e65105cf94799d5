using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Populations;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Genetic;

/// <summary>A genetic algorithm in the steady state: each trial that ends may enter the population at once; see <see cref="Variation"/>.</summary>
/// <remarks>
/// The first trials are the defaults and a Latin hypercube, until ten or the population's number have been asked for. Trials of others enter like its own;
/// one without a loss never does. Not thread-safe.
/// </remarks>
internal sealed class GeneticTuner : ITuner
{
    private const string Key = "genetic";
    private const int MostFirst = 10;
    private readonly SearchSpace _space;
    private readonly GeneticOptions _options;
    private readonly int _size, _first;
    private readonly double _mutationRate;
    private readonly InitialDesign _design;
    private readonly Novelty _novelty;
    private readonly List<Individual> _population = []; // the oldest first
    private int _told;

    /// <param name="space">The space.</param>
    /// <param name="options">How it searches.</param>
    /// <param name="random">Randomness for the whole study.</param>
    /// <param name="trials">After how many trials the study ends; null: no such limit.</param>
    public GeneticTuner(SearchSpace space, GeneticOptions options, RandomSource random, int? trials = null)
    {
        _space = space;
        _options = options.Validated();
        var layout = new SpaceLayout(space);
        _size = options.PopulationSize ?? PopulationSize.HalfFor(trials);
        _first = Math.Min(_size, MostFirst);
        _mutationRate = options.MutationRate ?? 1 / layout.EffectiveDimensions;
        _design = new InitialDesign(space, layout, random.Fork(Key), _first);
        _novelty = new Novelty(space, Key);
    }

    internal IReadOnlyList<Individual> Population => _population;

    public void Tell(Trial trial)
    {
        _told++;
        _novelty.Tell(trial.Configuration);
        var point = Individual.Of(trial, _space);
        if (!point.Standing.HasLoss) return;
        _population.Add(point);
        if (_population.Count > _size) _population.RemoveAt(_options.Replacement == GeneticReplacement.Oldest ? 0 : Worst());
    }

    public Proposal Ask(AskRequest request)
    {
        var index = _told + request.Pending.Length;
        return _novelty.Propose(request, (draw, random) => index < _first || _population.Count < 2 ? First(index, draw, random) : Child(draw, random));
    }

    private Draft First(int index, int draw, RandomSource random)
        => new(draw == 0 ? _design[index] : _space.Sample(random), "first", index == 0 ? "the default configuration" : "of the first population");

    private Draft Child(int draw, RandomSource random)
    {
        var one = Tournament(random);
        var other = random.NextDouble() < _options.CrossoverRate ? Tournament(random) : one;
        var child = other == one ? Variation.Copy(_space, one, random) : Variation.Cross(_space, one, other, _options.CrossoverIndex, random);
        var changed = Variation.Mutate(_space, child, _mutationRate, _options.MutationIndex, random);
        _space.Widen(child, Novelty.WidthOf(draw), random);
        var parents = other == one ? $"child of {one.Trial}" : $"child of {one.Trial} and {other.Trial}";
        return new Draft(_space.Encoding.Decode(child), other == one ? "mutant" : "child", changed == 0 ? parents : FormattableString.Invariant($"{parents}, {changed} changed"));
    }

    private Individual Tournament(RandomSource random)
    {
        var best = _population[random.NextInt(_population.Count)];
        for (var i = 1; i < _options.TournamentSize; i++)
        {
            var other = _population[random.NextInt(_population.Count)];
            if (other.CompareTo(best) < 0) best = other;
        }

        return best;
    }

    private int Worst()
    {
        var worst = 0;
        for (var i = 1; i < _population.Count; i++)
        {
            if (_population[i].CompareTo(_population[worst]) > 0) worst = i;
        }

        return worst;
    }
}
