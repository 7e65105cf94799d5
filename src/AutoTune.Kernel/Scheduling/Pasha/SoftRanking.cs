namespace AutoTune.Scheduling;

/// <summary>Whether the trials of the top rung rank there as they did at the rung below, differences that are noise aside.</summary>
/// <remarks>
/// <code>
/// p_i, q_i     the trial at rank i at the top rung, and at the rung below
/// f            losses at the rung below
/// consistent   |f(p_i) - f(q_i)| ≤ e for each i: p_i could as well have been at rank i below
/// e            a percentile of the distances at the top rung of pairs whose curves cross at least twice; 0 while there are none
/// </code>
/// Bohdal and others 2023, section 4. Pairs are compared once, when the later of the two comes, so that a trial costs O(n). Not thread-safe.
/// </remarks>
internal sealed class SoftRanking(double noisePercentile)
{
    private readonly List<(RankedLoss Top, double Below, IReadOnlyList<TrialReport> Curve)> _atTop = []; // by the loss at the top
    private readonly List<RankedLoss> _below = [];
    private readonly RankedLosses _distances = new();

    /// <summary>By how much losses may differ that rank alike.</summary>
    public double Epsilon
    {
        get
        {
            if (_distances.Count == 0) return 0;
            var position = (_distances.Count - 1) * noisePercentile / 100;
            var low = (int)position;
            return _distances[low].Loss + (position - low) * (_distances[Math.Min(low + 1, _distances.Count - 1)].Loss - _distances[low].Loss);
        }
    }

    public bool IsConsistent
    {
        get
        {
            var epsilon = Epsilon;
            for (var i = 0; i < _below.Count; i++)
            {
                if (!(Math.Abs(_atTop[i].Below - _below[i].Loss) <= epsilon)) return false;
            }

            return true;
        }
    }

    /// <summary>Adds a trial that has come to the top rung.</summary>
    public void Add(RankedLoss top, double below, IReadOnlyList<TrialReport> curve)
    {
        foreach (var other in _atTop)
        {
            if (Crossings(curve, other.Curve) >= 2) _distances.Add(new RankedLoss(Math.Abs(top.Loss - other.Top.Loss), new TrialId(_distances.Count)));
        }

        var at = _atTop.Count;
        while (at > 0 && top.CompareTo(_atTop[at - 1].Top) < 0) at--;
        _atTop.Insert(at, (top, below, curve));
        var lower = new RankedLoss(below, top.Trial);
        _below.Insert(~_below.BinarySearch(lower), lower);
    }

    /// <summary>How often the order of two curves changes, over the steps that both reported.</summary>
    internal static int Crossings(IReadOnlyList<TrialReport> one, IReadOnlyList<TrialReport> other)
    {
        var (crossings, order, i, j) = (0, 0, 0, 0);
        while (i < one.Count && j < other.Count && crossings < 2)
        {
            if (one[i].Step != other[j].Step)
            {
                if (one[i].Step < other[j].Step) i++;
                else j++;
                continue;
            }

            var now = one[i++].Loss.CompareTo(other[j++].Loss);
            if (now != 0 && now == -order) crossings++;
            if (now != 0) order = now;
        }

        return crossings;
    }
}
