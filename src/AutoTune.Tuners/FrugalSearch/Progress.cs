namespace AutoTune.Tuners.FrugalSearch;

/// <summary>What a search has spent and gained: how much better it may get for a cost.</summary>
/// <remarks>
/// BlendSearch (Wang and others 2021, section 3.3). Speed: the last improvement over the cost since the one before. Estimated cost for
/// improvement: the longer of the time since the last improvement and between the last two; where another search is ahead by a gap, at
/// least twice what closing the gap costs at this speed. Not thread-safe.
/// </remarks>
internal sealed class Progress
{
    private double _secondBest = double.PositiveInfinity, _costAtBest, _costAtSecond;

    /// <summary>All that was spent.</summary>
    public double Cost { get; private set; }

    public double Best { get; private set; } = double.PositiveInfinity;

    public int Trials { get; private set; }

    public void Add(double loss, double cost)
    {
        Cost += cost;
        Trials++;
        if (!(loss < Best)) return;
        (_secondBest, _costAtSecond) = (Best, _costAtBest);
        (Best, _costAtBest) = (loss, Cost);
    }

    /// <summary>The gain per cost, <paramref name="pending"/> spent without one; 0 before there was an improvement.</summary>
    public double Speed(double pending)
    {
        var gain = _secondBest - Best;
        return double.IsFinite(gain) ? gain / Math.Max(Cost + pending - _costAtSecond, 1e-300) : 0;
    }

    /// <summary>What the next improvement over <paramref name="leader"/> is expected to cost.</summary>
    public double CostForImprovement(double leader, double pending, double speed)
    {
        var cost = Math.Max(Cost + pending - _costAtBest, _costAtBest - _costAtSecond);
        return Best > leader && speed > 0 ? Math.Max(cost, 2 * (Best - leader) / speed) : cost;
    }
}
