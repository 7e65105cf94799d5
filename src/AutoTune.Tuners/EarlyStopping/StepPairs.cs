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
    private readonly double[] _distances = new double[MaxPairs], _moves = new double[MaxPairs]; // of a forecast: it is made while a report waits
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
        return ChanceToBeat(best, loss, deviation);
    }

    /// <summary>The same of a forecast.</summary>
    public static double ChanceToBeat(double best, double loss, double deviation)
        => deviation > 0 ? NormalDistribution.Cumulative((best - loss) / deviation) : loss < best ? 1 : 0;

    public (double Loss, double Deviation) Forecast(double here)
    {
        var near = Math.Min(_pairs.Count, Math.Max(LeastNear, _pairs.Count / 2));
        for (var i = 0; i < _pairs.Count; i++) (_distances[i], _moves[i]) = (Math.Abs(_pairs[i].Here - here), _pairs[i].Last - _pairs[i].Here);
        Array.Sort(_distances, _moves, 0, _pairs.Count);
        var moves = _moves.AsSpan(0, near);
        moves.Sort();
        var median = Median(moves);
        foreach (ref var move in moves) move = Math.Abs(move - median);
        moves.Sort();
        return (here + median, Normal * Median(moves) * (1 + 2.0 / near));
    }

    private static double Median(ReadOnlySpan<double> sorted) => sorted[(sorted.Length - 1) / 2] / 2 + sorted[sorted.Length / 2] / 2;
}
