using System.Text;
using AutoTune.Tuners.Online;

namespace AutoTune;

/// <content>How a tuner is saved and resumed.</content>
public sealed partial class OnlineTuner<TBatch, TOutput>
{
    /// <summary>Writes everything to a file, from which <see cref="Load(string)"/> goes on as if nothing had happened. The file is there whole or as it was before.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NotSupportedException">The models are no <see cref="IStoredModel"/>.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var half = path + ".half";
        using (var file = new FileStream(half, FileMode.Create, FileAccess.Write))
        {
            Save(file);
            file.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
    }

    /// <summary>Writes everything to a stream, which is left open.</summary>
    /// <param name="stream">Where to.</param>
    /// <exception cref="NotSupportedException">The models are no <see cref="IStoredModel"/>.</exception>
    public void Save(Stream stream)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        Write(writer);
    }

    /// <summary>Goes on from a file that <see cref="Save(string)"/> wrote, with the same space and options. If it throws, the tuner is as it was before.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such state, of another version, or of another space.</exception>
    public void Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = File.OpenRead(path);
        Load(file);
    }

    /// <summary>Goes on from what <see cref="Save(Stream)"/> wrote. If it throws, the tuner is as it was before.</summary>
    /// <param name="stream">Where from; it is left open, after what was read.</param>
    /// <exception cref="InvalidDataException">It is no such state, of another version, or of another space.</exception>
    public void Load(Stream stream)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            Read(reader);
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or OverflowException)
        {
            throw new InvalidDataException("The state of TuneOnline is damaged, or there is none; give what Save wrote.", error);
        }
    }

    private void Write(BinaryWriter writer)
    {
        _state.WriteHead(writer);
        foreach (var count in (ReadOnlySpan<long>)[Examples, Batches, Updates, _counted, _driftBatch, _begun]) writer.Write(count);
        writer.Write(_total);
        writer.Write(_championTotal);
        writer.Write(_isSuspect);
        _mixture.Save(writer);
        _drift.Save(writer);
        _proposals.Save(writer, _state);
        _roster.Save(writer, _state);
        _archive.Save(writer, _state);
        _state.Write(writer, _changes);
        OnlineState.WriteEnd(writer);
    }

    private void Read(BinaryReader reader)
    {
        _state.ReadHead(reader);
        var counts = new long[6];
        for (var i = 0; i < counts.Length; i++) counts[i] = reader.ReadInt64();
        var (total, championTotal, isSuspect) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean());
        var (mixture, drift, proposals) = (new Mixture(), NewDrift(), NewProposals());
        var (roster, archive) = (NewRoster(proposals), new ChampionArchive<TBatch, TOutput>(_options.Archive));
        List<OnlineChange> changes;
        try
        {
            mixture.Load(reader);
            drift.Load(reader);
            proposals.Load(reader, _state);
            roster.Load(reader, _state);
            archive.Load(reader, _state, _learner);
            changes = [.. _state.ReadChanges(reader)];
            OnlineState.ReadEnd(reader);
        }
        catch
        {
            roster.Dispose();
            archive.Dispose();
            throw;
        }

        // All was read: nothing throws from here on.
        _roster.Dispose();
        _archive.Dispose();
        (Examples, Batches, Updates, _counted, _driftBatch, _begun) = (counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
        (_total, _championTotal, _isSuspect) = (total, championTotal, isSuspect);
        (_mixture, _drift, _proposals, _roster, _archive) = (mixture, drift, proposals, roster, archive);
        _changes.Clear();
        _changes.AddRange(changes);
    }
}
