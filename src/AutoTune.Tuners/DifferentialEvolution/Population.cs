using AutoTune.Tuners.Populations;

namespace AutoTune.Tuners.DifferentialEvolution;

/// <summary>The points of a differential evolution, each in a place of its own, and some that gave way.</summary>
/// <remarks>A child is compared with whatever is in its target's place when it ends; where that place is gone, with the worst. Not thread-safe.</remarks>
internal sealed class Population
{
    private readonly List<(int Place, Individual Point)> _members = [];
    private readonly List<Individual> _archive = [];
    private readonly double _archiveRate;
    private int _nextPlace;

    public Population(int size, double archiveRate)
    {
        Size = size;
        _archiveRate = archiveRate;
    }

    /// <summary>How many points there may be.</summary>
    public int Size { get; private set; }

    public int Count => _members.Count;

    public IReadOnlyList<Individual> Archive => _archive;

    public (int Place, Individual Point) this[int index] => _members[index];

    /// <summary>The best points, best first.</summary>
    public Individual[] Best(int count) => [.. _members.Select(member => member.Point).Order().Take(count)];

    /// <summary>Takes a point in where it is no worse than what is there.</summary>
    /// <param name="place">The place that it was made for; null: none.</param>
    /// <param name="point">The point; it has a loss.</param>
    /// <param name="random">Decides what leaves a full archive.</param>
    /// <returns>Whether it is better than what it was compared with.</returns>
    public bool Tell(int? place, Individual point, RandomSource random)
    {
        if (_members.Count < Size)
        {
            _members.Add((_nextPlace++, point));
            return false;
        }

        var at = place is { } wanted ? _members.FindIndex(member => member.Place == wanted) : -1;
        if (at < 0) at = Worst();
        var old = _members[at].Point;
        var order = point.Standing.CompareTo(old.Standing);
        if (order > 0) return false;
        _members[at] = (_members[at].Place, point);
        if (order == 0) return false;
        _archive.Add(old);
        Trim(random);
        return true;
    }

    /// <summary>Lets the worst go until there are no more than this.</summary>
    public void Shrink(int size, RandomSource random)
    {
        Size = Math.Min(Size, size);
        while (_members.Count > Size) _members.RemoveAt(Worst());
        Trim(random);
    }

    private void Trim(RandomSource random)
    {
        while (_archive.Count > _archiveRate * Size) _archive.RemoveAt(random.NextInt(_archive.Count));
    }

    private int Worst()
    {
        var worst = 0;
        for (var i = 1; i < _members.Count; i++)
        {
            if (_members[i].Point.CompareTo(_members[worst].Point) > 0) worst = i;
        }

        return worst;
    }
}
