using AutoTune.Tuners.Numerics;
using AutoTune.Tuners.Portfolio;

namespace AutoTune.Tuners.EarlyStopping;

/// <summary>What the losses at one step have told of the losses at the last, in the trials that have both.</summary>
/// <remarks>
/// <code>
/// skill     share of pairs of trials that this step orders as the last one does, of the pairs with one of the better half: <see cref="OrderSkill"/>
/// d         loss at the last step - loss here, of the half of the trials (5 at least) whose loss here is nearest
/// forecast  loss + median d, with a deviation of 1.48 times the median deviation of d, widened by 1 + 2 / n
/// </code>
/// Not thread-safe.
/// </remarks>
internal sealed class StepPairs
{
    private const int LeastNear = 5, MaxPairs = 200;
    private const double Doubt = 2;
    private const double Normal = 1.4826;
    private readonly List<(double Here, double Last)> _pairs = [];
    private double _skill = double.NaN;

    public int Count => _pairs.Count;

    /// <summary>One half for guessing.</summary>
    public double Skill => double.IsNaN(_skill) ? _skill = OrderSkill.Of([.. _pairs.Select(pair => pair.Here)], [.. _pairs.Select(pair => new Standing(0, pair.Last))], Doubt) : _skill;

    public void Add(double here, double last)
    {
        if (_pairs.Count == MaxPairs) _pairs.RemoveAt(0);
        _pairs.Add((here, last));
        _skill = double.NaN;
    }

    public double ChanceToBeat(double best, double here)
    {
        var (loss, deviation) = Forecast(here);
        return deviation > 0 ? NormalDistribution.Cumulative((best - loss) / deviation) : loss < best ? 1 : 0;
    }

    public (double Loss, double Deviation) Forecast(double here)
    {
        var near = _pairs.OrderBy(pair => Math.Abs(pair.Here - here)).Take(Math.Max(LeastNear, _pairs.Count / 2)).Select(pair => pair.Last - pair.Here).Order().ToArray();
        var median = Median(near);
        var spread = Normal * Median([.. near.Select(d => Math.Abs(d - median)).Order()]);
        return (here + median, spread * (1 + 2.0 / near.Length));
    }

    private static double Median(double[] sorted) => sorted[(sorted.Length - 1) / 2] / 2 + sorted[sorted.Length / 2] / 2;
}
