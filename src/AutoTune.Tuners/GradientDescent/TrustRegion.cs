using System.Collections.Immutable;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GradientDescent;

/// <summary>One search downhill: a point, a model of the loss around it, and the radius within which the model is believed.</summary>
/// <remarks>
/// <code>
/// x, f      incumbent and its loss, in units of the first point's largest derivative: losses may be of any size
/// s         step;  q(s): what the model says the loss changes by
/// rho       (f - f(x + s)) / -q(s): what a trial changed over what was predicted
/// </code>
/// Nocedal and Wright 2006, algorithms 4.1 and 6.2: a step with rho above 0.0001 is taken, rho above 3/4 at the edge of the region doubles the radius, and
/// below 1/4 the radius shrinks - to the minimum of the parabola through both losses and the slope, a tenth to a half of the step, where they use a
/// quarter. Every trial with a gradient teaches the curvature, also where the step failed. Rho is worked out from where a trial lies, so steps of other
/// radii (parallel trials) and trials that somebody else proposed count as well. Not thread-safe.
/// </remarks>
internal sealed class TrustRegion
{
    private const double Taken = 1e-4, Poor = 0.25, Good = 0.75, Edge = 0.8;
    private const double Near = 4; // chosen: what lies further than so many radii tells little of the curvature here
    private readonly ImmutableArray<int> _moving;
    private readonly double[] _slope, _step, _change, _low, _high;
    private readonly RegionStep _finder;
    private readonly CurvatureModel _model;
    private readonly double _mostRadius, _scale;

    /// <param name="run">Its number among the searches.</param>
    /// <param name="start">Where it begins; usable.</param>
    /// <param name="moving">The dimensions that move (m).</param>
    /// <param name="radius">The first radius.</param>
    /// <param name="reason">Why it begins here, for people.</param>
    public TrustRegion(int run, GradientPoint start, ImmutableArray<int> moving, double radius, string reason)
    {
        (Run, Incumbent, Radius, Reason, _moving) = (run, start, radius, reason, moving);
        var m = moving.Length;
        (_slope, _step, _change, _low, _high) = (new double[m], new double[m], new double[m], new double[m], new double[m]);
        _scale = ScaleOf(start.Gradient);
        for (var i = 0; i < m; i++) _slope[i] = _scale * start.Gradient[i];
        _finder = new RegionStep(m);
        _model = new CurvatureModel(m);
        _mostRadius = Math.Sqrt(m);
    }

    public int Run { get; }

    /// <summary>Why it began where it did; for the first trial that it proposes.</summary>
    public string Reason { get; }

    /// <summary>How often it has moved.</summary>
    public int Epoch { get; private set; }

    public double Radius { get; private set; }

    public GradientPoint Incumbent { get; private set; }

    public StepTag Tag => new(Run, Epoch);

    /// <summary>Writes the point of the next step.</summary>
    /// <param name="share">The part of the radius that may be used.</param>
    /// <param name="unit">Receives the point (d).</param>
    /// <returns>The step's length, and the change of the loss that is expected.</returns>
    public (double Length, double Change) Next(double share, Span<double> unit)
    {
        for (var i = 0; i < _low.Length; i++)
        {
            var x = Incumbent.Unit[_moving[i]];
            (_low[i], _high[i]) = (-x, 1 - x);
        }

        _finder.Find(_slope, _model.Curvature, _low, _high, Math.Min(share * Radius, _mostRadius), _step);
        Incumbent.Unit.CopyTo(unit);
        for (var i = 0; i < _step.Length; i++) unit[_moving[i]] = Math.Clamp(Incumbent.Unit[_moving[i]] + _step[i], 0, 1);
        return (Math.Sqrt(VectorMath.Dot(_step, _step)), _model.Change(_slope, _step) / _scale);
    }

    /// <summary>Takes a finished trial in.</summary>
    /// <param name="point">The trial, beside the incumbent.</param>
    /// <param name="tag">Whose step it was.</param>
    /// <returns>Whether it is the incumbent now.</returns>
    public bool Tell(GradientPoint point, StepTag? tag)
    {
        GradientPoint.Difference(Incumbent, point, _moving, _step);
        var length = Math.Sqrt(VectorMath.Dot(_step, _step));
        if (length == 0) return false;
        var isOwn = tag == Tag;
        var isNear = length <= Near * Radius;
        var predicted = -_model.Change(_slope, _step);
        var slope = VectorMath.Dot(_slope, _step);
        var gain = point.Standing is { HasLoss: true, Violation: 0 } ? _scale * Incumbent.Standing.Loss - _scale * point.Standing.Loss : double.NegativeInfinity;
        if (point.Gradient.Length > 0 && (isOwn || isNear))
        {
            for (var i = 0; i < _change.Length; i++) _change[i] = _scale * point.Gradient[i] - _slope[i];
            _model.Learn(_step, _change);
        }

        var ratio = predicted > 0 ? gain / predicted : gain > 0 ? 1 : double.NegativeInfinity;
        var isBetter = point.IsUsable && point.Standing < Incumbent.Standing && (ratio > Taken || !isOwn);
        if (isOwn) Judge(ratio, gain, slope, length, point.IsUsable);
        if (!isBetter || !(isOwn || isNear)) return false;
        Incumbent = point;
        for (var i = 0; i < _slope.Length; i++) _slope[i] = _scale * point.Gradient[i];
        Epoch++;
        return true;
    }

    private static double ScaleOf(double[] gradient)
    {
        var largest = 0.0;
        foreach (var derivative in gradient) largest = Math.Max(largest, Math.Abs(derivative));
        return largest > 0 && double.IsFinite(1 / largest) ? 1 / largest : 1;
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
