using System.Collections.Immutable;
using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GradientDescent;

/// <summary>One search downhill: a point, a model of the loss around it, and the radius within which the model is believed.</summary>
/// <remarks>
/// <code>
/// x, f      incumbent and its loss, in units of the first point's largest derivative: losses may be of any size
/// s, W      step; weights of the coordinates: the region is |W s| at most the radius                                      m
/// q(s)      what the model says the loss changes by
/// e         standard deviation of the noise of a loss (DifferenceNoise), 0 where none shows
/// rho       (f - f(x + s) + 2 e) / (-q(s) + 2 e): what a trial changed over what was predicted, relaxed by what may be noise
/// </code>
/// Nocedal and Wright 2006, algorithms 4.1 and 6.2: a step with rho above 0.0001 is taken, rho above 3/4 at the edge of the region doubles the radius, and
/// below 1/4 the radius shrinks - to the minimum of the parabola through both losses and the slope, a tenth to a half of the step, where they use a
/// quarter. Relaxed as by Sun and Nocedal (2022, A trust region method for the optimization of noisy functions): without it steps whose gain drowns in
/// noise fail, and the region shrinks upon a point that was lucky. So that no luck stays, f is the mean of what all trials of the search say of it by the
/// trapezoid's rule, weighted by one over their variances. Every trial with a gradient teaches the curvature, also where the step failed.
/// <para>
/// W is the cube root of the derivatives, between a tenth of the largest's and that: the first step goes by the cube root of each, in between the gradient,
/// which leaves alone what is flat here (on a log scale most is, far from where it matters), and its sign, which goes as far along what matters little
/// (decision 33; elliptical regions: Nocedal and Wright, section 4.5). Later they are the derivatives of all incumbents, each beside the largest of its own; what has small
/// ones is thought to bend less, too, as long as gradients do not tell. Rho is worked out from where a trial lies, so steps of other radii (parallel trials) and trials
/// that somebody else proposed count as well. Not thread-safe.
/// </para>
/// </remarks>
internal sealed class TrustRegion
{
    private const double Taken = 1e-4, Poor = 0.25, Good = 0.75, Edge = 0.8;
    private const double Relaxed = 2; // Sun and Nocedal's, with the bound on the noise that they know
    private const double Near = 4; // chosen: what lies further than so many radii tells little of the curvature here
    private const double LeastSlope = 1e-3; // of the largest: below it a coordinate weighs a tenth
    private const int MostTold = 200; // chosen: so many steps ago is another place
    private readonly ImmutableArray<int> _moving;
    private readonly DifferenceNoise _noise;
    private readonly double[] _slope, _step, _change, _low, _high, _weights, _shares, _scaledSlope, _scaledCurvature;
    private readonly RegionStep _finder;
    private readonly CurvatureModel _model;
    private readonly List<(GradientPoint From, GradientPoint To)> _pairs = [];
    private readonly List<GradientPoint> _told = [];
    private readonly double _mostRadius, _scale;

    /// <param name="run">Its number among the searches.</param>
    /// <param name="start">Where it begins; usable.</param>
    /// <param name="moving">The dimensions that move (m).</param>
    /// <param name="radius">The first radius.</param>
    /// <param name="noise">What is known of noise; somebody else adds to it.</param>
    /// <param name="reason">Why it begins here, for people.</param>
    public TrustRegion(int run, GradientPoint start, ImmutableArray<int> moving, double radius, DifferenceNoise noise, string reason)
    {
        (Run, Incumbent, Radius, _noise, Reason, _moving) = (run, start, radius, noise, reason, moving);
        var m = moving.Length;
        (_slope, _step, _change, _low, _high) = (new double[m], new double[m], new double[m], new double[m], new double[m]);
        (_weights, _shares, _scaledSlope, _scaledCurvature) = (new double[m], new double[m], new double[m], new double[m * m]);
        _scale = DifferenceNoise.ScaleOf(start.Gradient);
        _finder = new RegionStep(m);
        _model = new CurvatureModel(m);
        _mostRadius = Math.Sqrt(m);
        _told.Add(start);
        Enter(start);
    }

    public int Run { get; }

    /// <summary>Why it began where it did; for the first trial that it proposes.</summary>
    public string Reason { get; }

    /// <summary>How often it has moved.</summary>
    public int Epoch { get; private set; }

    public double Radius { get; private set; }

    public GradientPoint Incumbent { get; private set; }

    public StepTag Tag => new(Run, Epoch);

    // Variances, in units of this search.
    private double Units => _noise.Scale > 0 ? _scale / _noise.Scale * (_scale / _noise.Scale) : 0;

    /// <summary>Writes the point of the next step.</summary>
    /// <param name="share">The part of the radius that may be used.</param>
    /// <param name="unit">Receives the point (d).</param>
    /// <returns>The step's length, and the change of the loss that is expected.</returns>
    public (double Length, double Change) Next(double share, Span<double> unit)
    {
        var m = _step.Length;
        for (var i = 0; i < m; i++)
        {
            var x = Incumbent.Unit[_moving[i]];
            (_low[i], _high[i], _scaledSlope[i]) = (-x * _weights[i], (1 - x) * _weights[i], _slope[i] / _weights[i]);
            for (var j = 0; j < m; j++) _scaledCurvature[i * m + j] = _model.Curvature[i * m + j] / (_weights[i] * _weights[j]);
        }

        _finder.Find(_scaledSlope, _scaledCurvature, _low, _high, Math.Min(share * Radius, _mostRadius), _step);
        Incumbent.Unit.CopyTo(unit);
        for (var i = 0; i < m; i++)
        {
            var to = Math.Clamp(Incumbent.Unit[_moving[i]] + _step[i] / _weights[i], 0, 1);
            _step[i] = to - Incumbent.Unit[_moving[i]];
            unit[_moving[i]] = to;
        }

        return (Math.Sqrt(VectorMath.Dot(_step, _step)), _model.Change(_slope, _step) / _scale);
    }

    /// <summary>Takes a finished trial in.</summary>
    /// <param name="point">The trial, beside the incumbent.</param>
    /// <param name="tag">Whose step it was.</param>
    /// <returns>Whether it is the incumbent now.</returns>
    public bool Tell(GradientPoint point, StepTag? tag)
    {
        GradientPoint.Difference(Incumbent, point, _moving, _step);
        var length = Length(_step);
        if (length == 0) return false;
        var isOwn = tag == Tag;
        if (!isOwn && length > Near * Radius) return false;
        var relaxed = Relaxed * Math.Sqrt(Units * _noise.OfLoss);
        var predicted = relaxed - _model.Change(_slope, _step);
        var slope = VectorMath.Dot(_slope, _step);
        var gain = point.Standing is { HasLoss: true, Violation: 0 } ? Loss() - _scale * point.Standing.Loss + relaxed : double.NegativeInfinity;
        var ratio = predicted > 0 ? gain / predicted : gain > 0 ? 1 : double.NegativeInfinity;
        var isBetter = point.IsUsable && (isOwn ? ratio > Taken && (relaxed > 0 || point.Standing < Incumbent.Standing) : point.Standing < Incumbent.Standing);
        if (isOwn) Judge(ratio, gain, slope, length, point.IsUsable);
        if (point.Gradient.Length == 0) return false;
        Keep(point);
        if (isBetter)
        {
            Epoch++;
            Enter(point);
        }

        Learn();
        return isBetter;
    }

    private void Keep(GradientPoint point)
    {
        _pairs.Add((Incumbent, point));
        if (_pairs.Count > MostTold) _pairs.RemoveAt(0);
        if (point.IsUsable) _told.Add(point);
        if (_told.Count > MostTold) _told.RemoveAt(0);
    }

    // All pairs again: what noise was thought to be when they came may have been too little.
    private void Learn()
    {
        var noise = Math.Sqrt(2 * Units * _noise.OfSlope);
        _model.Clear();
        foreach (var (from, to) in _pairs)
        {
            GradientPoint.Difference(from, to, _moving, _step);
            for (var i = 0; i < _change.Length; i++) _change[i] = _scale * to.Gradient[i] - _scale * from.Gradient[i];
            _model.Learn(_step, _change, _weights, noise);
        }

        _model.MakeConvex(_weights);
    }

    // The incumbent's loss by all that the search has seen.
    private double Loss()
    {
        var own = _scale * Incumbent.Standing.Loss;
        if (_noise.OfLoss == 0) return own;
        double weights = 1 / _noise.OfLoss, sum = own * weights;
        foreach (var point in _told)
        {
            if (ReferenceEquals(point, Incumbent)) continue;
            var (at, square) = (_scale * point.Standing.Loss, Incumbent.SquaredDistance(point, _moving));
            for (var i = 0; i < _slope.Length; i++) at += 0.5 * (Incumbent.Unit[_moving[i]] - point.Unit[_moving[i]]) * (_scale * point.Gradient[i] + _slope[i]);
            var weight = 1 / (_noise.OfLoss + _noise.OfBends * square * square * square);
            (weights, sum) = (weights + weight, sum + weight * at);
        }

        return sum / weights;
    }

    private void Enter(GradientPoint point)
    {
        Incumbent = point;
        double largest = 0, sum = 0;
        for (var i = 0; i < _slope.Length; i++)
        {
            _slope[i] = _scale * point.Gradient[i];
            largest = Math.Max(largest, Math.Abs(_slope[i]));
        }

        for (var i = 0; i < _slope.Length && largest > 0; i++) _shares[i] += Math.Abs(_slope[i]) / largest;
        var most = _shares.Max();
        for (var i = 0; i < _slope.Length; i++)
        {
            _weights[i] = most > 0 ? PortableMath.Exp(PortableMath.Log(Math.Max(LeastSlope, _shares[i] / most)) / 3) : 1;
            sum += _weights[i] * _weights[i];
        }

        var root = Math.Sqrt(_slope.Length / sum); // so that a radius is of the same size for any W
        for (var i = 0; i < _weights.Length; i++) _weights[i] *= root;
    }

    private double Length(ReadOnlySpan<double> step)
    {
        var sum = 0.0;
        for (var i = 0; i < step.Length; i++) sum += _weights[i] * step[i] * (_weights[i] * step[i]);
        return Math.Sqrt(sum);
    }

    private void Judge(double ratio, double gain, double slope, double length, bool isUsable)
    {
        if (isUsable && ratio >= Poor)
        {
            if (ratio > Good && length >= Edge * Radius) Radius = Math.Min(2 * length, _mostRadius);
            return;
        }

        // The minimum of the parabola with this slope and this gain.
        var share = 0.5 * slope / (gain + slope);
        Radius = Math.Min(Radius, length * (double.IsFinite(share) && isUsable ? Math.Clamp(share, 0.1, 0.5) : 0.25));
    }
}
