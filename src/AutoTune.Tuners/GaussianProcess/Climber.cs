using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>Improves one point of the acquisition search: gradients for numbers, neighbours for choices, in turn until neither helps.</summary>
/// <remarks>
/// Numbers with many levels are climbed as if they were a continuum and then put onto their nearest level; the neighbours in turn find
/// the best level around. Coordinates are stretched by their length scales, which makes the slopes alike. Not thread-safe.
/// </remarks>
internal sealed class Climber
{
    private const int Rounds = 6, Evaluations = 40;
    private const int FewLevels = 12; // up to this many all levels are tried, above it neighbours and a gradient
    private const double Tolerance = 1e-4, Gain = 1e-6;
    private readonly SpaceLayout _layout;
    private readonly Acquisition _acquisition;
    private readonly TrustBox? _box;
    private readonly HeldChoice? _held;
    private readonly BoxMinimizer _minimizer;
    private readonly double[] _unit, _position, _low, _high, _slope;
    private readonly bool[] _active;
    private readonly List<(int Dimension, double Unit)> _moves = [];
    private int[] _coordinates = [];
    private double[] _units = [], _values = [];
    private bool[] _actives = [];

    public Climber(SpaceLayout layout, Acquisition acquisition, TrustBox? box, HeldChoice? held)
    {
        _layout = layout;
        _acquisition = acquisition;
        _box = box;
        _held = held;
        _minimizer = new BoxMinimizer(layout.Count);
        _unit = new double[layout.Count];
        _active = new bool[layout.Count];
        _position = new double[layout.Count];
        _low = new double[layout.Count];
        _high = new double[layout.Count];
        _slope = new double[layout.Count];
    }

    /// <summary>Climbs from a settled point, which is moved.</summary>
    /// <returns>The value reached.</returns>
    public double Climb(double[] unit, bool[] active)
    {
        unit.CopyTo(_unit, 0);
        var value = double.NegativeInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            var before = value;
            ClimbNumbers();
            value = TryNeighbours(out var moved);
            if (!moved && !(value > before + Gain)) break;
            if (!moved && round > 0) break;
            if (!moved && !HasManyLevels()) break;
        }

        _unit.CopyTo(unit, 0);
        _layout.Settle(unit, active);
        return value;
    }

    private bool HasManyLevels()
    {
        foreach (var j in _coordinates)
        {
            if (_layout[j].Encoded.Levels is not null) return true;
        }

        return false;
    }

    private bool IsClimbed(int j) => _active[j] && _layout[j].Column >= 0 && _layout[j].Encoded is { IsOrdered: true, Levels: null or > FewLevels };

    private void ClimbNumbers()
    {
        _layout.Settle(_unit, _active);
        var count = 0;
        for (var j = 0; j < _unit.Length; j++) count += IsClimbed(j) ? 1 : 0;
        _coordinates = new int[count];
        count = 0;
        for (var j = 0; j < _unit.Length; j++)
        {
            if (!IsClimbed(j)) continue;
            _coordinates[count] = j;
            var reach = _acquisition.Reach(j);
            _position[count] = _unit[j] / reach;
            _low[count] = Math.Max(_layout[j].First, Math.Min(_box?.Low(j) ?? 0, _unit[j])) / reach;
            _high[count] = Math.Min(_layout[j].First + _layout[j].Span, Math.Max(_box?.High(j) ?? 1, _unit[j])) / reach;
            count++;
        }

        if (count == 0) return;
        var position = _position.AsSpan(0, count);
        _minimizer.Minimize(Descend, position, _low.AsSpan(0, count), _high.AsSpan(0, count), Evaluations, Tolerance);
        Place(position);
        _layout.Settle(_unit, _active);
    }

    private double Descend(ReadOnlySpan<double> position, Span<double> gradient)
    {
        Place(position);
        var value = _acquisition.Evaluate(_unit, _active, _coordinates, _slope);
        for (var i = 0; i < position.Length; i++) gradient[i] = -_slope[i] * _acquisition.Reach(_coordinates[i]);
        return -value;
    }

    private void Place(ReadOnlySpan<double> position)
    {
        for (var i = 0; i < position.Length; i++)
        {
            var j = _coordinates[i];
            // The very ends, whatever the division lost.
            var (first, last, reach) = (_layout[j].First, _layout[j].First + _layout[j].Span, _acquisition.Reach(j));
            _unit[j] = position[i] <= first / reach ? first : position[i] >= last / reach ? last : position[i] * reach;
        }
    }

    // The steepest move, again and again.
    private double TryNeighbours(out bool moved)
    {
        moved = false;
        var value = double.NegativeInfinity;
        for (var step = 0; step < Rounds; step++)
        {
            ListMoves();
            var count = _moves.Count + 1;
            var d = _layout.Count;
            if (_values.Length < count)
            {
                _values = new double[count];
                _units = new double[count * d];
                _actives = new bool[count * d];
            }

            for (var m = 0; m < count; m++)
            {
                var unit = _units.AsSpan(m * d, d);
                _unit.CopyTo(unit);
                if (m > 0) unit[_moves[m - 1].Dimension] = _moves[m - 1].Unit;
                _layout.Settle(unit, _actives.AsSpan(m * d, d));
            }

            _acquisition.Evaluate(_units.AsSpan(0, count * d), _actives.AsSpan(0, count * d), _values.AsSpan(0, count));
            value = _values[0];
            var best = 0;
            for (var m = 1; m < count; m++)
            {
                if (_values[m] > value + Gain && _values[m] > _values[best]) best = m;
            }

            if (best == 0) return value;
            moved = true;
            value = _values[best];
            _unit[_moves[best - 1].Dimension] = _moves[best - 1].Unit;
            _layout.Settle(_unit, _active);
        }

        return value;
    }

    private void ListMoves()
    {
        _moves.Clear();
        for (var j = 0; j < _unit.Length; j++)
        {
            var encoded = _layout[j].Encoded;
            if (!_active[j] || _held?.Holds(j) == true || encoded.Levels is not { } levels || levels == 1) continue;
            if (levels <= FewLevels || !encoded.IsOrdered)
            {
                for (long level = 0; level < levels; level++)
                {
                    var unit = encoded.UnitOfLevel(level);
                    if (unit != _unit[j]) _moves.Add((j, unit));
                }
            }
            else
            {
                // Levels are at least a bin of equal width apart; on a log scale the lowest are further apart than that.
                for (var distance = 1; distance <= 4; distance *= 2)
                {
                    foreach (var side in (ReadOnlySpan<double>)[-1, 1])
                    {
                        var unit = Neighbour(encoded, _unit[j], side, distance);
                        if (unit != _unit[j]) _moves.Add((j, unit));
                    }
                }
            }
        }
    }

    private static double Neighbour(AutoTune.Spaces.EncodedDimension encoded, double unit, double side, int distance)
    {
        var width = distance / (double)encoded.Levels!.Value;
        for (var reach = width; reach < 1; reach *= 2)
        {
            var next = encoded.Snap(Math.Clamp(unit + side * reach, 0, 1));
            if (next != unit) return next;
        }

        return encoded.Snap(side < 0 ? 0 : 1);
    }
}
