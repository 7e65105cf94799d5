using AutoTune.Tuners.Populations;

namespace AutoTune.Tuners.ParticleSwarm;

/// <summary>A point that flies.</summary>
/// <remarks>
/// <code>
/// x, v    where it is, and its velocity                                d
/// p, l    the best point it has seen, and the best that its informants have seen
/// w, c    inertia, attraction; u1, u2 uniform in [0, 1) for each coordinate
/// x'      x + w v + u1 c (p - x) + u2 c (l - x)                        SPSO 2007 (Clerc 2012, section 3), the coefficients SPSO 2011's too
/// v'      x' - x; times -1/2 in a coordinate that has come to an end of its range
/// </code>
/// A particle that is its own best informant has no second attraction. A coordinate that p or l lacks does not attract; one that the particle's own
/// configuration lacks stays where it was. Between bins, chance decides (<see cref="Rounding"/>), so that a velocity below a bin is not lost. A choice becomes
/// what it was, p's or l's value with probabilities as w, u1 c and u2 c, and any value with one of 0.05. Not thread-safe.
/// </remarks>
internal sealed class Particle(SearchSpace space)
{
    private const double AnyChoice = 0.05, Bounce = -0.5;
    private double[]? _velocity;

    /// <summary>Where it is (d); null before its first trial with a loss has ended.</summary>
    public double[]? Position { get; private set; }

    public ReadOnlySpan<double> Velocity => _velocity;

    /// <summary>The best point it has seen.</summary>
    public Individual? Best { get; private set; }

    /// <summary>Where it would go next.</summary>
    public double[] Next(Individual? informant, double inertia, double attraction, RandomSource random)
    {
        var next = new double[Position!.Length];
        for (var j = 0; j < next.Length; j++)
        {
            var dimension = space.Encoding.Dimensions[j];
            var x = Position[j];
            double own = attraction * random.NextDouble(), other = attraction * random.NextDouble();
            var p = Best!.Active[j] ? Best.Unit[j] : x;
            var l = informant is not null && informant.Active[j] ? informant.Unit[j] : x;
            if (dimension.IsOrdered)
            {
                next[j] = dimension.ToValue(x + inertia * _velocity![j] + own * (p - x) + other * (l - x), random);
                continue;
            }

            var at = random.NextDouble() * (inertia + own + other);
            next[j] = random.NextDouble() < AnyChoice ? dimension.AnyValue(random) : at < inertia ? x : at < inertia + own ? p : l;
        }

        return next;
    }

    /// <summary>Takes a trial of its own in.</summary>
    /// <param name="point">The point; without a loss the particle turns back.</param>
    /// <param name="random">For its first velocity.</param>
    public void Tell(Individual point, RandomSource random)
    {
        if (!point.Standing.HasLoss)
        {
            for (var j = 0; j < _velocity?.Length; j++) _velocity[j] *= Bounce;
            return;
        }

        if (Best is null || point.Standing.CompareTo(Best.Standing) <= 0) Best = point;
        if (Position is null || _velocity is null)
        {
            // Half the way to a random point (SPSO 2007).
            Position = (double[])point.Unit.Clone();
            _velocity = new double[Position.Length];
            for (var j = 0; j < _velocity.Length; j++) _velocity[j] = 0.5 * (random.NextDouble() - Position[j]);
            return;
        }

        for (var j = 0; j < _velocity.Length; j++)
        {
            var way = point.Active[j] ? point.Unit[j] - Position[j] : 0;
            _velocity[j] = point.Active[j] && point.Unit[j] is 0 or 1 ? Bounce * way : way;
            if (point.Active[j]) Position[j] = point.Unit[j];
        }
    }

    /// <summary>Goes where somebody else found something better.</summary>
    public void MoveTo(Individual point, RandomSource random)
    {
        Position = null;
        Tell(point, random);
    }

    /// <summary>Forgets all: its next point is a new one.</summary>
    public void Forget() => (Position, _velocity, Best) = (null, null, null);
}
