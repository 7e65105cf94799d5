using System.Globalization;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Populations;
using AutoTune.Tuning;

namespace AutoTune.Tuners.DifferentialEvolution;

/// <summary>L-SHADE, a trial at a time; see <see cref="DifferentialStep"/>, <see cref="StepSettings"/> and <see cref="Population"/>.</summary>
/// <remarks>
/// Children are made from the population as it is, the places in turn, so that nothing waits for a generation; as many trials as there are places make a
/// round, after which the memory learns and the population shrinks. A trial of somebody else takes a free place or the worst one. One without
/// a loss takes none: its target stays. Not thread-safe.
/// </remarks>
internal sealed class DifferentialEvolutionTuner : ITuner
{
    private const string Key = "differential evolution";
    private const int LeastParents = 4;
    private const double AnyChoice = 0.05; // that a child's choice is drawn anew: what no parent has, differences never bring back
    private readonly SearchSpace _space;
    private readonly DifferentialEvolutionOptions _options;
    private readonly RandomSource _random;
    private readonly int? _trials;
    private readonly int _firstSize;
    private readonly InitialDesign _design;
    private readonly Novelty _novelty;
    private readonly Population _population;
    private readonly StepSettings _settings;
    private int _told, _sinceRound;

    /// <param name="space">The space.</param>
    /// <param name="options">How it searches.</param>
    /// <param name="random">Randomness for the whole study.</param>
    /// <param name="trials">After how many trials the study ends; null: no such limit.</param>
    public DifferentialEvolutionTuner(SearchSpace space, DifferentialEvolutionOptions options, RandomSource random, int? trials = null)
    {
        _space = space;
        _options = options.Validated();
        _random = random.Fork(Key);
        _trials = trials;
        _firstSize = options.PopulationSize ?? PopulationSize.For(trials);
        _design = new InitialDesign(space, new SpaceLayout(space), _random, _firstSize);
        _novelty = new Novelty(space, Key);
        _population = new Population(_firstSize, options.ArchiveRate);
        _settings = new StepSettings(options.MemorySize);
    }

    internal Population Population => _population;

    internal StepSettings Settings => _settings;

    public void Tell(Trial trial)
    {
        _told++;
        _novelty.Tell(trial.Configuration);
        var random = _random.Fork("archive", _told);
        var point = Individual.Of(trial, _space);
        if (point.Standing.HasLoss)
        {
            var tag = Tag.Of(trial);
            if (_population.Tell(tag?.Place, point, random) && tag is { } step) _settings.Succeed(step.Weight, step.Rate);
        }

        if (_population.Count < _population.Size || ++_sinceRound < _population.Size) return;
        _sinceRound = 0;
        _settings.EndRound();
        if (!_options.Shrinks || _trials is not { } all) return;
        var size = _firstSize + (LeastParents - _firstSize) * Math.Min(1, (double)_told / all);
        _population.Shrink(Math.Max(LeastParents, (int)Math.Round(size)), random);
    }

    public Proposal Ask(AskRequest request)
    {
        var index = _told + request.Pending.Length;
        var running = request.Pending.Count(trial => trial.State != TrialState.Paused); // one that waits may do so for ever
        // Failures leave places free, but are no reason to look at random for ever.
        var isFilling = _population.Count + running < _population.Size && _told + running < 2 * _firstSize;
        return _novelty.Propose(request, (draw, random) => isFilling || _population.Count < LeastParents ? First(index, draw, random) : Child(index, draw, random));
    }

    private Draft First(int index, int draw, RandomSource random)
        => new(draw == 0 ? _design[index] : _space.Sample(random), "", index == 0 ? "the default configuration" : "of the first population");

    private Draft Child(int index, int draw, RandomSource random)
    {
        var count = _population.Count;
        var at = index % count;
        var (place, target) = _population[at];
        var best = _population.Best(Math.Max(2, (int)Math.Round(_options.BestShare * count)));
        var towards = best[random.NextInt(best.Length)];
        var (weight, rate) = _settings.Draw(random);
        var r1 = OtherThan(random.NextInt(count - 1), at);
        int r2;
        do r2 = OtherThan(random.NextInt(count - 1 + _population.Archive.Count), at); while (r2 == r1);
        var from = r2 < count ? _population[r2].Point : _population.Archive[r2 - count];
        var child = DifferentialStep.CurrentToBest(_space, target, towards, _population[r1].Point, from, weight, random);
        DifferentialStep.Cross(target, child, rate, random);
        for (var j = 0; j < child.Length; j++)
        {
            if (!_space.Encoding.Dimensions[j].IsOrdered && random.NextDouble() < AnyChoice) child[j] = _space.Encoding.Dimensions[j].AnyValue(random);
        }

        _space.Widen(child, Novelty.WidthOf(draw), random); // where the population has run together its differences are nothing
        var reason = string.Create(CultureInfo.InvariantCulture, $"from {target.Trial} towards {towards.Trial}, weight {weight:F2}, rate {rate:F2}");
        return new Draft(_space.Encoding.Decode(child), new Tag(place, weight, rate).ToString(), reason);

        static int OtherThan(int number, int one) => number < one ? number : number + 1;
    }

    /// <summary>Whose child a trial is, and how it was made.</summary>
    private readonly record struct Tag(int Place, double Weight, double Rate)
    {
        public static Tag? Of(Trial trial)
            => Novelty.NoteOf(trial, Key) is [var place, var weight, var rate]
                && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && double.TryParse(weight, NumberStyles.Float, CultureInfo.InvariantCulture, out var f) && f is > 0 and <= 1
                && double.TryParse(rate, NumberStyles.Float, CultureInfo.InvariantCulture, out var cr) && cr is >= 0 and <= 1
                ? new Tag(number, f, cr) : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Place} {Weight:R} {Rate:R}");
    }
}
