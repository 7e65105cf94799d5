using System.Globalization;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Populations;
using AutoTune.Tuning;

namespace AutoTune.Tuners.ParticleSwarm;

/// <summary>A swarm whose particles move one after the other, whatever is pending; see <see cref="Particle"/>.</summary>
/// <remarks>
/// The particles take turns; each flies by what has been told when it is asked for. Who tells whom is drawn anew after a round without progress (SPSO 2011).
/// After ten such rounds in a row all but the best particle begin anew. A trial of somebody else becomes the point of the worst particle
/// where it is better than that one's best. Not thread-safe.
/// </remarks>
internal sealed class ParticleSwarmTuner : ITuner
{
    private const string Key = "particle swarm";
    private const int MostIdleRounds = 10;
    private readonly SearchSpace _space;
    private readonly ParticleSwarmOptions _options;
    private readonly RandomSource _random;
    private readonly InitialDesign _design;
    private readonly Novelty _novelty;
    private readonly Particle[] _particles;
    private Standing _best = Standing.None;
    private int _told, _sinceRound, _round, _idleRounds;
    private bool _hasImproved;

    /// <param name="space">The space.</param>
    /// <param name="options">How it searches.</param>
    /// <param name="random">Randomness for the whole study.</param>
    /// <param name="trials">After how many trials the study ends; null: no such limit.</param>
    public ParticleSwarmTuner(SearchSpace space, ParticleSwarmOptions options, RandomSource random, int? trials = null)
    {
        _space = space;
        _options = options.Validated();
        _random = random.Fork(Key);
        _particles = new Particle[options.Particles ?? PopulationSize.For(trials)];
        for (var i = 0; i < _particles.Length; i++) _particles[i] = new Particle(space);
        _design = new InitialDesign(space, new SpaceLayout(space), _random, _particles.Length);
        _novelty = new Novelty(space, Key);
    }

    internal IReadOnlyList<Particle> Particles => _particles;

    public void Tell(Trial trial)
    {
        _told++;
        _novelty.Tell(trial.Configuration);
        var point = Individual.Of(trial, _space);
        var random = _random.Fork("velocity", _told);
        if (ParticleOf(trial) is { } number) _particles[number].Tell(point, random);
        else if (point.Standing.HasLoss && Worst() is { } worst && (worst.Best is null || point.Standing < worst.Best.Standing)) worst.MoveTo(point, random);
        if (point.Standing < _best) (_best, _hasImproved) = (point.Standing, true);
        if (++_sinceRound < _particles.Length) return;
        _sinceRound = 0;
        _idleRounds = _hasImproved ? 0 : _idleRounds + 1;
        if (!_hasImproved) _round++;
        _hasImproved = false;
        if (_idleRounds < MostIdleRounds) return;
        _idleRounds = 0;
        var best = _particles.Where(particle => particle.Best is not null).MinBy(particle => particle.Best);
        foreach (var particle in _particles)
        {
            if (particle != best) particle.Forget();
        }
    }

    public Proposal Ask(AskRequest request)
    {
        var index = _told + request.Pending.Length;
        var number = index % _particles.Length;
        return _novelty.Propose(request, (draw, random) => _particles[number].Position is null ? First(index, number, draw, random) : Flight(number, draw, random));
    }

    private Draft First(int index, int number, int draw, RandomSource random)
        => new(draw == 0 ? _design[index] : _space.Sample(random), Note(number), index == 0 ? "the default configuration" : $"the start of particle {Note(number)}");

    private Draft Flight(int number, int draw, RandomSource random)
    {
        var informant = InformantOf(number);
        var unit = _particles[number].Next(informant, _options.Inertia, _options.Attraction, random);
        _space.Widen(unit, Novelty.WidthOf(draw), random);
        var reason = informant is null ? $"particle {Note(number)}, which knows of nothing better" : $"particle {Note(number)}, drawn to {informant.Trial}";
        return new Draft(_space.Encoding.Decode(unit), Note(number), reason);
    }

    // The best that others have told it of; null where its own is no worse.
    private Individual? InformantOf(int number)
    {
        var best = _particles[number].Best;
        var links = _random.Fork("links", _round);
        for (var other = 0; other < _particles.Length; other++)
        {
            if (other == number || _particles[other].Best is not { } told || (best is not null && told.CompareTo(best) >= 0)) continue;
            var random = links.Fork("of", other);
            for (var i = 0; i < _options.Informed; i++)
            {
                if (random.NextInt(_particles.Length) == number) best = told;
            }
        }

        return best == _particles[number].Best ? null : best;
    }

    // One that has yet to begin comes first, the last of them, as its turn is the furthest away.
    private Particle? Worst()
    {
        Particle? worst = null;
        foreach (var particle in _particles)
        {
            if (particle.Best is null || worst is null || (worst.Best is not null && particle.Best.CompareTo(worst.Best) > 0)) worst = particle;
        }

        return worst;
    }

    private int? ParticleOf(Trial trial)
        => Novelty.NoteOf(trial, Key) is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < _particles.Length ? number : null;

    private static string Note(int number) => number.ToString(CultureInfo.InvariantCulture);
}
