namespace AutoTune.Tuners.Portfolio;

/// <summary>What the members of a portfolio have achieved lately: a fold of the finished trials in their order.</summary>
/// <remarks>Only trials that a member proposed count, and only the latest: what helped at the start need not help later. Not thread-safe.</remarks>
internal sealed class TrialRecord(int members)
{
    private const int Window = 60;
    private readonly Queue<(int Member, bool IsBest)> _recent = new();
    private readonly int[] _trials = new int[members], _bests = new int[members];
    private Standing _best = new(0, double.NaN);

    /// <summary>How many trials each member had.</summary>
    public IReadOnlyList<int> Trials => _trials;

    /// <summary>How many of them were better than everything before.</summary>
    public IReadOnlyList<int> Bests => _bests;

    /// <summary>Takes a finished trial in.</summary>
    /// <param name="member">Who proposed it; -1: none of the members.</param>
    /// <param name="standing">How it ended.</param>
    public void Add(int member, Standing standing)
    {
        var isBest = standing < _best;
        if (isBest) _best = standing;
        if (member < 0) return;
        Count(member, isBest, 1);
        _recent.Enqueue((member, isBest));
        if (_recent.Count <= Window) return;
        var (oldMember, wasBest) = _recent.Dequeue();
        Count(oldMember, wasBest, -1);
    }

    private void Count(int member, bool isBest, int by)
    {
        _trials[member] += by;
        if (isBest) _bests[member] += by;
    }
}
