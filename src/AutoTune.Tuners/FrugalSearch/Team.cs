using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.FrugalSearch;

/// <summary>The searches of a study: which are alive, and whose turn it is.</summary>
/// <remarks>
/// BlendSearch, section 3: a trial of the global search that is better than the median of the local ones begins another; one that comes
/// within a step of a better one ends, as one that has converged does. Chosen otherwise than there: the local searches together spend as
/// much as the global one, and among them the next move is of the one with the least loss to be expected after what the cheapest
/// improvement costs. Where costs are measured, one whose last move was a success goes on before anything else: it is on the way from the
/// cheap to the good. In the local form there is one search at a time; when it has converged, the next begins near the start, further
/// from it each time. Not thread-safe.
/// </remarks>
internal sealed class Team
{
    private const double RestartReach = 0.2;
    private static readonly Standing Unknown = new(0, double.NaN);
    private readonly SpaceLayout _layout;
    private readonly FrugalSearchOptions _options;
    private readonly bool _isMeasured;
    private readonly double[] _start;
    private readonly RandomSource _random;
    private readonly List<Member> _members = [];
    private double _globalCost, _localCost;
    private int _made, _trials;

    public Team(SpaceLayout layout, FrugalSearchOptions options, bool isMeasured, double[] start, RandomSource random)
    {
        _layout = layout;
        _options = options;
        _isMeasured = isMeasured;
        _start = start;
        _random = random;
        Begin(start, Unknown, 0);
    }

    /// <summary>The local searches that are alive, the oldest first.</summary>
    public IEnumerable<LocalSearch> Alive => _members.Select(member => member.Search);

    /// <summary>How many local searches there have been.</summary>
    public int Made => _made;

    private bool IsBlend => _options.Form == FrugalForm.Blend;

    /// <summary>Which local search is to move next; null: the global one.</summary>
    /// <param name="pending">Whose moves are pending.</param>
    public (int Number, LocalSearch Search)? Next(IReadOnlyList<MoveTag> pending)
    {
        if (_members.Count == 0) return null;
        // A pending trial costs what trials have cost on average.
        var each = _trials == 0 ? 1 : (_globalCost + _localCost) / _trials;
        foreach (var member in _members)
        {
            var hasJustMoved = member.Search.ToldMoves == 0 && member.Search.Epoch > 0;
            if (_isMeasured && hasJustMoved && !pending.Contains(new MoveTag(member.Number, member.Search.Epoch))) return (member.Number, member.Search);
        }

        var global = 0;
        foreach (var tag in pending) global += tag.Search == MoveTag.Global ? 1 : 0;
        if (IsBlend && (_trials > 0 || pending.Count > 0)
            && _globalCost + global * each < _localCost + (pending.Count - global) * each) return null;

        var leader = double.PositiveInfinity;
        double fastest = 0;
        Span<double> waiting = stackalloc double[_members.Count <= 256 ? _members.Count : 0];
        if (waiting.Length != _members.Count) waiting = new double[_members.Count];
        for (var i = 0; i < _members.Count; i++)
        {
            foreach (var tag in pending) waiting[i] += tag.Search == _members[i].Number ? each : 0;
            leader = Math.Min(leader, _members[i].Progress.Best);
            fastest = Math.Max(fastest, _members[i].Progress.Speed(waiting[i]));
        }

        var cheapest = double.PositiveInfinity;
        for (var i = 0; i < _members.Count; i++)
            cheapest = Math.Min(cheapest, _members[i].Progress.CostForImprovement(leader, waiting[i], Speed(i, waiting[i])));
        var (best, least) = (0, double.PositiveInfinity);
        for (var i = 0; i < _members.Count; i++)
        {
            var expected = _members[i].Progress.Best - Speed(i, waiting[i]) * cheapest;
            if (expected < least) (best, least) = (i, expected);
        }

        return (_members[best].Number, _members[best].Search);

        // One that has not improved yet is thought to be as fast as the fastest.
        double Speed(int i, double cost) => _members[i].Progress.Speed(cost) is > 0 and var speed ? speed : _members[i].Progress.Trials <= 1 ? fastest : 0;
    }

    /// <summary>Takes a trial in.</summary>
    /// <param name="tag">Whose move it was; null: nobody's here.</param>
    /// <param name="unit">Its point, settled.</param>
    /// <param name="active">What exists there.</param>
    /// <param name="standing">How it ended; one that breaks a requirement is a step on the way, but its loss is none to compare with.</param>
    /// <param name="cost">What it cost.</param>
    public void Tell(MoveTag? tag, ReadOnlySpan<double> unit, ReadOnlySpan<bool> active, Standing standing, double cost)
    {
        _trials++;
        var loss = LossOf(standing);
        if (tag is { Search: >= 0 } move)
        {
            _localCost += cost;
            var at = _members.FindIndex(member => member.Number == move.Search);
            if (at < 0) return; // of a search that has ended
            _members[at].Progress.Add(loss, cost);
            var hasMoved = _members[at].Search.Tell(move.Epoch, unit, active, standing);
            if (_members[at].Search.HasConverged) End(at);
            else if (hasMoved && _members.Count > 1) Merge(_members[at]);
            return;
        }

        _globalCost += cost;
        if (!IsBlend)
        {
            // What somebody else found better is where to go on from.
            var only = _members[0];
            if (!(standing < only.Search.Best)) return;
            only.Search.Tell(only.Search.Epoch, unit, active, standing);
            only.Progress.Add(loss, 0);
        }
        else if (double.IsFinite(loss) && loss < Median() && !IsReached(unit, active, standing))
        {
            Begin(unit, standing, cost);
        }
    }

    private void Begin(ReadOnlySpan<double> unit, Standing standing, double cost)
    {
        var loss = LossOf(standing);
        var progress = new Progress();
        if (double.IsFinite(loss)) progress.Add(loss, cost);
        var random = _random.Fork("local search", _made);
        _members.Add(new Member(_made++, new LocalSearch(_layout, _options.InitialStep, random, unit, standing), progress));
    }

    private void End(int at)
    {
        _members.RemoveAt(at);
        if (IsBlend) return;
        var random = _random.Fork("restart", _made);
        var unit = (double[])_start.Clone();
        var reach = Math.Min(1, RestartReach * _made);
        for (var j = 0; j < unit.Length; j++)
        {
            var to = _layout[j].Encoded.IsOrdered ? unit[j] + reach * (2 * random.NextDouble() - 1) : random.NextDouble();
            unit[j] = Math.Clamp(to, 0, 1);
        }

        Begin(unit, Unknown, 0);
    }

    private void Merge(Member moved)
    {
        for (var i = _members.Count - 1; i >= 0; i--)
        {
            var other = _members[i];
            if (other == moved) continue;
            var (better, worse) = other.Search.Best < moved.Search.Best ? (other, moved) : (moved, other);
            if (!better.Search.Reaches(worse.Search.Incumbent, worse.Search.Active)) continue;
            _members.Remove(worse);
            if (worse == moved) return;
        }
    }

    private bool IsReached(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active, Standing standing)
    {
        foreach (var member in _members)
        {
            if (member.Search.Best.CompareTo(standing) <= 0 && member.Search.Reaches(unit, active)) return true;
        }

        return false;
    }

    private double Median()
    {
        if (_members.Count == 0) return double.PositiveInfinity;
        var bests = new double[_members.Count];
        for (var i = 0; i < bests.Length; i++) bests[i] = LossOf(_members[i].Search.Best);
        Array.Sort(bests);
        return 0.5 * (bests[(bests.Length - 1) / 2] + bests[bests.Length / 2]);
    }

    // Positive infinity where there is none that counts.
    private static double LossOf(Standing standing) => standing is { HasLoss: true, Violation: 0 } ? standing.Loss : double.PositiveInfinity;

    private sealed record Member(int Number, LocalSearch Search, Progress Progress);
}
