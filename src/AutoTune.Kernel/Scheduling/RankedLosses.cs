namespace AutoTune.Scheduling;

/// <summary>The loss of a trial; among equals the earlier trial comes first.</summary>
internal readonly record struct RankedLoss(double Loss, TrialId Trial) : IComparable<RankedLoss>
{
    public int CompareTo(RankedLoss other)
    {
        var byLoss = Loss.CompareTo(other.Loss);
        return byLoss != 0 ? byLoss : Trial.CompareTo(other.Trial);
    }
}

/// <summary>Losses in order, lowest first: adding one, removing one, its rank and the loss of a rank take about a microsecond each at 10,000.</summary>
/// <remarks>A sorted list in chunks, so that an insertion moves at most a chunk. Not thread-safe.</remarks>
internal sealed class RankedLosses
{
    private const int MaxChunk = 256;
    private readonly List<List<RankedLoss>> _chunks = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The loss of this rank, counted from 0.</summary>
    public RankedLoss this[int rank]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rank);
            foreach (var chunk in _chunks)
            {
                if (rank < chunk.Count) return chunk[rank];
                rank -= chunk.Count;
            }

            throw new ArgumentOutOfRangeException(nameof(rank));
        }
    }

    public void Add(RankedLoss loss)
    {
        if (_chunks.Count == 0) _chunks.Add([]);
        var number = ChunkOf(loss);
        var chunk = _chunks[number];
        var at = chunk.BinarySearch(loss);
        chunk.Insert(at < 0 ? ~at : at, loss);
        Count++;
        if (chunk.Count <= MaxChunk) return;
        _chunks.Insert(number + 1, chunk[(MaxChunk / 2)..]);
        chunk.RemoveRange(MaxChunk / 2, chunk.Count - MaxChunk / 2);
    }

    /// <summary>Removes a loss, if it is there.</summary>
    public void Remove(RankedLoss loss)
    {
        if (Count == 0) return;
        var number = ChunkOf(loss);
        var at = _chunks[number].BinarySearch(loss);
        if (at < 0) return;
        _chunks[number].RemoveAt(at);
        Count--;
        if (_chunks[number].Count == 0) _chunks.RemoveAt(number);
    }

    /// <summary>How many come before this loss, which need not be there.</summary>
    public int RankOf(RankedLoss loss)
    {
        if (Count == 0) return 0;
        var number = ChunkOf(loss);
        var at = _chunks[number].BinarySearch(loss);
        var rank = at < 0 ? ~at : at;
        for (var before = 0; before < number; before++) rank += _chunks[before].Count;
        return rank;
    }

    // The first chunk whose last loss is not below this one; the last chunk if there is none.
    private int ChunkOf(RankedLoss loss)
    {
        var (low, high) = (0, _chunks.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_chunks[middle][^1].CompareTo(loss) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
