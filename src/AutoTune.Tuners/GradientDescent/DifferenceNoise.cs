using System.Collections.Immutable;
using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.GradientDescent;

/// <summary>What losses and derivatives differ by however near two trials are: noise, told from the bends of a smooth loss, which vanish with the distance.</summary>
/// <remarks>
/// <code>
/// s         way from the nearest earlier trial to a trial; t: |s|^6 for losses, |s|^2 for derivatives
/// q         square of f(x + s) - f(x) - s'(g(x) + g(x + s)) / 2: of order |s|^6 where the loss is smooth (the trapezoid's rule);
///           mean square of g(x + s) - g(x): of order |s|^2
/// q ~ N(0, a + b t)^2, likelihood maximised over b and a grid of a / b: a is twice the noise's variance
/// </code>
/// Noise is believed where it makes the differences twenty times as likely as none does. Losses are in units of the first gradient's largest derivative. Not thread-safe.
/// </remarks>
/// <param name="moving">The dimensions that move (m).</param>
internal sealed class DifferenceNoise(ImmutableArray<int> moving)
{
    private const double Believed = 3; // logarithm of twenty
    private const int LeastPairs = 3, MostPoints = 100, Grid = 48;
    private const double Beyond = 3; // the grid ends where noise is twenty times what the longest step brings
    private const double Tiny = 1e-300;
    private readonly List<GradientPoint> _points = [];
    private readonly List<(double T, double Q)> _losses = [], _slopes = [];

    /// <summary>Losses times this are what the figures are in.</summary>
    public double Scale { get; private set; }

    /// <summary>Variance of the noise of a loss; 0: none that shows.</summary>
    public double OfLoss { get; private set; }

    /// <summary>What the variance of a difference of losses has besides, for |s|^6 of 1.</summary>
    public double OfBends { get; private set; }

    /// <summary>Variance of the noise of a derivative; 0: none that shows.</summary>
    public double OfSlope { get; private set; }

    /// <summary>One over the largest derivative.</summary>
    public static double ScaleOf(double[] gradient)
    {
        var largest = 0.0;
        foreach (var derivative in gradient) largest = Math.Max(largest, Math.Abs(derivative));
        return largest > 0 && double.IsFinite(1 / largest) ? 1 / largest : 1;
    }

    /// <summary>Takes a finished trial in.</summary>
    public void Add(GradientPoint point)
    {
        if (!point.IsUsable) return;
        if (_points.Count == 0) Scale = ScaleOf(point.Gradient);
        var (nearest, least) = ((GradientPoint?)null, double.PositiveInfinity);
        foreach (var other in _points)
        {
            var square = point.SquaredDistance(other, moving);
            if (square < least) (nearest, least) = (other, square);
        }

        _points.Add(point);
        if (_points.Count > MostPoints) _points.RemoveAt(0);
        if (nearest is null || !(least > 0)) return;
        double change = Scale * point.Standing.Loss - Scale * nearest.Standing.Loss, turn = 0;
        for (var i = 0; i < moving.Length; i++)
        {
            double here = Scale * point.Gradient[i], there = Scale * nearest.Gradient[i];
            change -= 0.5 * (point.Unit[moving[i]] - nearest.Unit[moving[i]]) * (here + there);
            turn += (here - there) * (here - there);
        }

        if (!double.IsFinite(change * change) || !double.IsFinite(turn)) return;
        Keep(_losses, (least * least * least, change * change));
        Keep(_slopes, (least, turn / moving.Length));
        var (a, b) = Fit(_losses);
        (OfLoss, OfBends, OfSlope) = (a / 2, b, Fit(_slopes).A / 2);
    }

    private static void Keep(List<(double T, double Q)> pairs, (double T, double Q) pair)
    {
        if (!(pair.T > Tiny)) return;
        pairs.Add(pair);
        if (pairs.Count > MostPoints) pairs.RemoveAt(0);
    }

    private static (double A, double B) Fit(List<(double T, double Q)> pairs)
    {
        if (pairs.Count == 0) return (0, 0);
        var (best, b) = Likelihood(pairs, 0);
        var ratio = 0.0;
        best += Believed;
        if (pairs.Count < LeastPairs) return (0, b);
        double low = PortableMath.Log(pairs.Min(pair => pair.T)), high = PortableMath.Log(pairs.Max(pair => pair.T)) + Beyond;
        for (var k = 0; k <= Grid; k++)
        {
            var candidate = PortableMath.Exp(low + (high - low) * k / Grid);
            var (likelihood, slope) = Likelihood(pairs, candidate);
            if (likelihood > best) (best, ratio, b) = (likelihood, candidate, slope);
        }

        return (ratio * b, b);
    }

    // The best b for a ratio a / b, and the logarithm of the likelihood with it.
    private static (double Log, double B) Likelihood(List<(double T, double Q)> pairs, double ratio)
    {
        double b = 0, logs = 0;
        foreach (var (t, q) in pairs)
        {
            b += q / (t + ratio);
            logs += PortableMath.Log(t + ratio);
        }

        b = Math.Max(b / pairs.Count, Tiny);
        return (-0.5 * (logs + pairs.Count * PortableMath.Log(b)), b);
    }
}
