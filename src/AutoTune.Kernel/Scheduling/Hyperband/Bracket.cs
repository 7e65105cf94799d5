using System.Collections.Immutable;

namespace AutoTune.Scheduling;

/// <summary>A bracket of Hyperband: when all trials of a rung have come, or ended otherwise, the best of those that came go on, in the order of their losses.</summary>
/// <param name="firstRung">The rung of the ladder at which its trials begin.</param>
/// <param name="sizes">How many trials come to each of its rungs.</param>
/// <param name="reduction">One in how many goes on, for a bracket that is not filled.</param>
internal sealed class Bracket(int firstRung, ImmutableArray<int> sizes, int reduction)
{
    private readonly RankedLosses[] _paused = [.. sizes.Select(_ => new RankedLosses())];
    private readonly int[] _arrived = new int[sizes.Length]; // paused, or ended in any other way
    private readonly int[] _promoted = new int[sizes.Length];
    private int _started;

    public int FirstRung => firstRung;

    /// <summary>Whether its trials were resumed to other budgets than those of its rungs, and it is left as it is.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>Whether it has room for another trial.</summary>
    public bool MayStart => _started < sizes[0] && _promoted[0] == 0;

    /// <summary>Whether nothing is left to do in it.</summary>
    public bool IsOver => Promotable(mayStart: true, out var level) is null && level == sizes.Length;

    /// <summary>The trial to go on next, if one may.</summary>
    /// <param name="mayStart">Whether the study may start more trials; if not, a bracket that is not full goes on with those that it has.</param>
    /// <param name="level">The rung where it waits, counted from the bracket's first; the number of rungs if all of them are done.</param>
    public TrialId? Promotable(bool mayStart, out int level)
    {
        var isShort = _started < sizes[0] && (!mayStart || _promoted[0] > 0);
        var expected = isShort ? _started : sizes[0];
        var share = expected;
        for (level = 0; level < sizes.Length; level++)
        {
            if (_arrived[level] < expected) return null;
            if (level == sizes.Length - 1) continue;
            share /= reduction;
            expected = Math.Min(isShort ? Math.Max(1, share) : sizes[level + 1], _paused[level].Count);
            if (_promoted[level] < expected) return _paused[level][_promoted[level]].Trial;
        }

        return null;
    }

    public void Start() => _started++;

    /// <summary>A trial came to the end of its budget.</summary>
    public void Pause(int level, RankedLoss loss)
    {
        _arrived[level]++;
        _paused[level].Add(loss);
    }

    /// <summary>A trial that did not come to the end of its budget, or was at the last rung, ended.</summary>
    public void End(int level) => _arrived[level]++;

    public void Promote(int level) => _promoted[level]++;
}
