using AutoTune.Spaces;
using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.FrugalSearch;

/// <summary>A search by steps from an incumbent: FLOW2, with choices, conditions and trials that are pending.</summary>
/// <remarks>
/// <code>
/// x, delta  incumbent in the unit cube, and length of a step: at first InitialStep root(d) for d ordered coordinates that exist
/// u         uniform on the unit sphere of those coordinates
/// K, K'     trials told, and at the last improvement
/// </code>
/// Wu and others 2021, algorithm 1: try x + delta u, then x - delta u; what is better becomes the incumbent; after too many moves
/// without one delta shrinks by root(K' / K). Too many are 2^(d - 1) there, which a hundred trials never see; here at most 2 d. Added:
/// after a success the same direction is tried once more, twice as far, and from the second success in a row delta grows by half, as a
/// hundred trials would else not lead far from a cheap start; so it shrinks by no less than a third. With a quarter of the moves one
/// choice takes another value, any of the others alike. A move depends on the seed, the search's number, the incumbent's and its own
/// alone. Not thread-safe.
/// </remarks>
internal sealed class LocalSearch
{
    private const double ChoiceShare = 0.25;
    private const double LeastStep = 0.1; // of the first: a few rounds of shrinking
    private const double Onward = 2, Growth = 1.5, MostStep = 0.5;
    private const double Widening = 1.2; // a draw, where rounding leads back to what is known
    private readonly SpaceLayout _layout;
    private readonly RandomSource _random;
    private readonly double _firstStep;
    private readonly double[] _direction;
    private int _told, _toldAtBest = 1, _sinceShrinking;
    private bool _hasDirection;
    private int _successes;

    /// <summary>A search.</summary>
    /// <param name="layout">The space.</param>
    /// <param name="firstStep">The first step's length per root of the number of coordinates.</param>
    /// <param name="random">Its randomness.</param>
    /// <param name="start">Where it begins, settled.</param>
    /// <param name="standing">How good it is there; without a loss it is not known yet, so that is the first move.</param>
    public LocalSearch(SpaceLayout layout, double firstStep, RandomSource random, ReadOnlySpan<double> start, Standing standing)
    {
        _layout = layout;
        _random = random;
        _firstStep = firstStep;
        Step = firstStep;
        Incumbent = start.ToArray();
        Active = new bool[start.Length];
        layout.Settle(Incumbent, Active);
        _direction = new double[start.Length];
        Best = standing;
        BeginsAtStart = !standing.HasLoss;
    }

    /// <summary>Where it stands, settled; coordinates that do not exist have their default.</summary>
    public double[] Incumbent { get; }

    public bool[] Active { get; }

    /// <summary>How good the incumbent is.</summary>
    public Standing Best { get; private set; }

    /// <summary>How often the incumbent has moved.</summary>
    public int Epoch { get; private set; }

    /// <summary>How many moves from this incumbent have been told.</summary>
    public int ToldMoves { get; private set; }

    /// <summary>The length of a step per root of the number of coordinates.</summary>
    public double Step { get; private set; }

    public bool HasConverged => Step < LeastStep * _firstStep;

    private bool BeginsAtStart { get; }

    /// <summary>Whether a point is no more than a step away, with the same choices.</summary>
    public bool Reaches(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active)
    {
        if (!active.SequenceEqual(Active)) return false;
        var square = 0.0;
        var count = 0;
        for (var j = 0; j < unit.Length; j++)
        {
            if (!Active[j]) continue;
            if (!_layout[j].Encoded.IsOrdered && unit[j] != Incumbent[j]) return false;
            if (!IsMoved(j)) continue;
            square += (unit[j] - Incumbent[j]) * (unit[j] - Incumbent[j]);
            count++;
        }

        return square <= Step * Step * Math.Max(1, count);
    }

    /// <summary>Writes a move.</summary>
    /// <param name="index">The number of the move from this incumbent.</param>
    /// <param name="draw">How often it was drawn before.</param>
    /// <param name="unit">Receives the point, not settled.</param>
    public void Move(int index, int draw, Span<double> unit)
    {
        Incumbent.CopyTo(unit);
        var isStart = BeginsAtStart && Epoch == 0 && index-- == 0;
        if (isStart && draw == 0) return;
        var isOnward = _hasDirection && index-- == 0 && draw == 0;
        index = Math.Max(index, 0);
        var random = _random.Fork("incumbent", Epoch).Fork("move", index / 2).Fork("draw", draw);
        var sign = isOnward || index % 2 == 0 ? 1 : -1;
        var length = isOnward ? Math.Min(1, Onward * Step) : Step;
        for (var i = 0; i < draw; i++) length = Math.Min(1, length * Widening);
        Span<double> u = unit.Length <= 256 ? stackalloc double[unit.Length] : new double[unit.Length];
        Direction(random.Fork("direction"), u);
        if (isOnward) _direction.CopyTo(u);
        var ordered = 0;
        for (var j = 0; j < u.Length; j++) ordered += IsMoved(j) ? 1 : 0;
        for (var j = 0; j < u.Length; j++)
        {
            if (IsMoved(j)) unit[j] = Math.Clamp(unit[j] + sign * length * Math.Sqrt(ordered) * u[j], 0, 1);
        }

        if (!isOnward) ChangeChoice(random.Fork("choice", sign), ordered, unit);
    }

    /// <summary>Takes the end of a move in.</summary>
    /// <param name="epoch">The incumbent that it began from.</param>
    /// <param name="unit">Where it led.</param>
    /// <param name="active">What exists there.</param>
    /// <param name="standing">How good it is there.</param>
    /// <returns>Whether the incumbent has moved.</returns>
    public bool Tell(int epoch, ReadOnlySpan<double> unit, ReadOnlySpan<bool> active, Standing standing)
    {
        _told++;
        if (standing < Best)
        {
            _hasDirection = SetDirection(unit, active);
            if (Best.HasLoss && _successes++ > 0) Step = Math.Min(MostStep, Step * Growth);
            unit.CopyTo(Incumbent);
            active.CopyTo(Active);
            Best = standing;
            Epoch++;
            ToldMoves = _sinceShrinking = 0;
            _toldAtBest = _told;
            return true;
        }

        if (epoch != Epoch) return false; // a late answer from where it stood before
        ToldMoves++;
        _successes = 0;
        if (++_sinceShrinking < Patience()) return false;
        Step *= Math.Min(1 / Growth, Math.Sqrt((double)_toldAtBest / _told));
        _sinceShrinking = 0;
        return false;
    }

    private int Patience()
    {
        var moved = 0;
        for (var j = 0; j < Active.Length; j++) moved += Active[j] && _layout[j].Encoded.Levels != 1 ? 1 : 0;
        return Math.Max(2, Math.Min(moved < 30 ? 1 << Math.Max(0, moved - 1) : int.MaxValue, 2 * moved));
    }

    private bool IsMoved(int j) => Active[j] && _layout[j].Encoded.IsOrdered && _layout[j].Encoded.Levels != 1;

    private void Direction(RandomSource random, Span<double> u)
    {
        var square = 0.0;
        for (var j = 0; j < u.Length; j++)
        {
            u[j] = IsMoved(j) ? random.NextGaussian() : 0;
            square += u[j] * u[j];
        }

        if (square == 0) return;
        for (var j = 0; j < u.Length; j++) u[j] /= Math.Sqrt(square);
    }

    // The step that led here; none where it was a choice, or where something else exists now.
    private bool SetDirection(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active)
    {
        var square = 0.0;
        for (var j = 0; j < unit.Length; j++)
        {
            _direction[j] = IsMoved(j) && active[j] ? unit[j] - Incumbent[j] : 0;
            square += _direction[j] * _direction[j];
        }

        if (square == 0) return false;
        for (var j = 0; j < unit.Length; j++) _direction[j] /= Math.Sqrt(square);
        return true;
    }

    private void ChangeChoice(RandomSource random, int ordered, Span<double> unit)
    {
        var choices = 0;
        for (var j = 0; j < unit.Length; j++) choices += IsChoice(j) ? 1 : 0;
        if (choices == 0 || (ordered > 0 && random.NextDouble() >= ChoiceShare)) return;
        var which = random.NextInt(choices);
        for (var j = 0; j < unit.Length; j++)
        {
            if (!IsChoice(j) || which-- > 0) continue;
            var levels = (int)_layout[j].Encoded.Levels!.Value;
            var level = random.NextInt(levels - 1);
            unit[j] = _layout[j].Encoded.UnitOfLevel(level);
            // The incumbent's own value gives way to the last one.
            if (unit[j] == Incumbent[j]) unit[j] = _layout[j].Encoded.UnitOfLevel(levels - 1);
            return;
        }
    }

    private bool IsChoice(int j) => Active[j] && !_layout[j].Encoded.IsOrdered && _layout[j].Encoded.Levels > 1;
}
