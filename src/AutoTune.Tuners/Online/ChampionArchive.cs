namespace AutoTune.Tuners.Online;

/// <summary>Champions as they were before drifts, to come back when what they knew does. They do not learn and cost no updates.</summary>
/// <remarks>When a drift is found the champion has learnt from it already: what is kept is a copy from when nothing spoke for one, ten batches old at most.</remarks>
internal sealed class ChampionArchive<TBatch, TOutput>(int size) : IDisposable
{
    private const int Refresh = 10;
    private readonly List<Entry> _entries = []; // the oldest first
    private Entry? _latest;

    /// <summary>Keeps a copy of a champion that nothing speaks against.</summary>
    public void Note(LiveModel<TBatch, TOutput> champion, long batch)
    {
        if (size == 0 || (_latest is { } latest && batch - latest.Batch < Refresh)) return;
        _latest?.Model.Dispose();
        _latest = new Entry(champion.Model.Copy(champion.Configuration), champion.Configuration, batch);
    }

    /// <summary>The kept champion that is best on a batch, if it is better than <paramref name="loss"/>.</summary>
    public (IOnlineModel<TBatch, TOutput> Model, Configuration Configuration)? Best(Func<IOnlineModel<TBatch, TOutput>, double> lossOf, double loss)
    {
        Entry? best = null;
        foreach (var entry in _entries)
        {
            var own = lossOf(entry.Model);
            if (own < loss) (best, loss) = (entry, own);
        }

        return best is null ? null : (best.Model, best.Configuration);
    }

    /// <summary>The loss of what was noted last; null: nothing was.</summary>
    public double? LatestLoss(Func<IOnlineModel<TBatch, TOutput>, double> lossOf) => _latest is { } latest && lossOf(latest.Model) is var loss && double.IsFinite(loss) ? loss : null;

    /// <summary>Puts what was noted last to the others; the oldest goes.</summary>
    public void Close()
    {
        if (_latest is not { } latest) return;
        _latest = null;
        if (_entries.Count == size)
        {
            _entries[0].Model.Dispose();
            _entries.RemoveAt(0);
        }

        _entries.Add(latest);
    }

    public void Save(BinaryWriter writer, OnlineState state)
    {
        var entries = _latest is null ? _entries : [.. _entries, _latest];
        writer.Write(entries.Count);
        writer.Write(_latest is not null);
        foreach (var entry in entries)
        {
            state.Write(writer, entry.Configuration);
            writer.Write(entry.Batch);
            OnlineState.Save(writer, entry.Model);
        }
    }

    public void Load(BinaryReader reader, OnlineState state, IOnlineLearner<TBatch, TOutput> learner)
    {
        Dispose();
        var (count, hasLatest) = (reader.ReadInt32(), reader.ReadBoolean());
        for (var i = 0; i < count; i++)
        {
            var (configuration, batch) = (state.ReadConfiguration(reader), reader.ReadInt64());
            var model = learner.Create(configuration, new RandomSource(0));
            // Kept before it is read: who disposes the archive frees it, too.
            if (hasLatest && i == count - 1) _latest = new Entry(model, configuration, batch);
            else _entries.Add(new Entry(model, configuration, batch));
            OnlineState.Load(reader, model);
        }
    }

    public void Dispose()
    {
        foreach (var entry in _entries) entry.Model.Dispose();
        _latest?.Model.Dispose();
        _entries.Clear();
        _latest = null;
    }

    private sealed record Entry(IOnlineModel<TBatch, TOutput> Model, Configuration Configuration, long Batch);
}
