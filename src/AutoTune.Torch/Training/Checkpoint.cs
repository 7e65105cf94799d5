using System.Collections.Immutable;
using System.Text;

namespace AutoTune.Torch.Training;

/// <summary>A training at the end of an epoch, in a file: what the trial kept, and what this attempt reported on the way.</summary>
/// <remarks>
/// Format, version 2 (1 had values alone, of each epoch): "ATCP", version, epoch, trial, configuration, the step it went on from, reports (step and value), then name, shape and content of each kept thing. No random
/// state: it is set at the beginning of each epoch from the trial's seed and the epoch.
/// </remarks>
internal static class Checkpoint
{
    private const string Magic = "ATCP";
    private const int Version = 2;

    public static void Write(Stream stream, int epoch, ITrialContext trial, IReadOnlyCollection<(int Step, double Value)> reports, IReadOnlyCollection<KeptState> kept)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(epoch);
        writer.Write(trial.Id.Number);
        writer.Write(trial.Configuration.ToString());
        writer.Write(trial.ResumeAfterStep);
        writer.Write(reports.Count);
        foreach (var (step, value) in reports)
        {
            writer.Write(step);
            writer.Write(value);
        }

        writer.Write(kept.Count);
        foreach (var state in kept)
        {
            writer.Write(state.Name);
            writer.Write(state.Shape());
            state.Save(writer);
        }
    }

    /// <summary>Reads a checkpoint into the kept things; of a checkpoint of other hyperparameters the state alone, not the hyperparameters.</summary>
    /// <exception cref="InvalidDataException">It is none, of another version, or of other things.</exception>
    public static CheckpointHead Read(Stream stream, ITrialContext trial, IReadOnlyCollection<KeptState> kept)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        var head = ReadHead(reader);
        var isCopy = head.Trial != trial.Id.Number || head.Contradicts(trial.Configuration);
        var count = reader.ReadInt32();
        if (count != kept.Count) throw new InvalidDataException($"The checkpoint holds {count} things, the training keeps {kept.Count} ({string.Join(", ", kept.Select(state => state.Name))}); it is one of another training.");
        string? before = null;
        foreach (var state in kept)
        {
            if (Text(reader) is var name && name != state.Name)
                throw new InvalidDataException(before is null ? $"The checkpoint holds '{name}' where the training keeps '{state.Name}'; it is one of another training."
                    : $"The checkpoint has no '{state.Name}' after '{before}': it is one of another training, or '{before}' does not read what it wrote; save and load must agree to the byte.");
            var (there, here) = (reader.ReadString(), state.Shape());
            if (there != here) throw new InvalidDataException($"The checkpoint's '{name}' is another than the training's; it has {Difference(there, here)}, here is {Difference(here, there)}. "
                + (head.Trial == trial.Id.Number ? "Resume with the configuration and the code that wrote it."
                : $"It is a copy of trial {head.Trial}'s, as populations make them: hyperparameters that change the network have no place in such a study."));
            var giveBack = isCopy ? state.Hyperparameters?.Invoke() : null;
            Load(state, reader);
            giveBack?.Invoke();
            before = state.Name;
        }

        if (stream.Position < stream.Length) throw new InvalidDataException($"'{before}' has left {stream.Length - stream.Position} bytes of the checkpoint unread: it does not read what it wrote; save and load must agree to the byte.");
        return head;
    }

    private static void Load(KeptState state, BinaryReader reader)
    {
        try
        {
            state.Load(reader);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"The checkpoint ends within '{state.Name}': it reads more than it wrote; save and load must agree to the byte.", e);
        }
    }

    /// <summary>A name; null: there is none here.</summary>
    private static string? Text(BinaryReader reader)
    {
        try
        {
            return reader.ReadString();
        }
        catch (Exception e) when (e is EndOfStreamException or IOException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Who wrote it and what was reported, without the rest.</summary>
    public static CheckpointHead ReadHead(Stream checkpoint)
    {
        using var reader = new BinaryReader(checkpoint, Encoding.UTF8, leaveOpen: true);
        return ReadHead(reader);
    }

    private static CheckpointHead ReadHead(BinaryReader reader)
    {
        if (reader.ReadString() != Magic) throw new InvalidDataException("The file is no checkpoint of a TorchSharp training.");
        var version = reader.ReadInt32();
        if (version is < 1 or > Version) throw new InvalidDataException($"The checkpoint has version {version}, this AutoTune.Torch reads versions 1 to {Version}; resume with the version that wrote it.");
        var (epoch, trial, configuration, after) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadString(), reader.ReadInt32());
        var reports = new (int Step, double Value)[reader.ReadInt32()];
        for (var i = 0; i < reports.Length; i++) reports[i] = (version == 1 ? after + 1 + i : reader.ReadInt32(), reader.ReadDouble());
        return new CheckpointHead(epoch, trial, configuration, after, [.. reports]);
    }

    private static string Difference(string one, string other)
    {
        var others = other.Split("; ");
        return one.Split("; ").FirstOrDefault(part => !others.Contains(part)) is { } part ? $"'{part}'" : "nothing more";
    }
}

/// <summary>What a checkpoint says of itself.</summary>
/// <param name="Epoch">After which epoch it was written.</param>
/// <param name="Trial">The number of the trial that wrote it.</param>
/// <param name="Configuration">That trial's configuration.</param>
/// <param name="ResumedAfter">The step after which that attempt had begun.</param>
/// <param name="Reports">What it reported since.</param>
internal sealed record CheckpointHead(int Epoch, int Trial, string Configuration, int ResumedAfter, ImmutableArray<(int Step, double Value)> Reports)
{
    /// <summary>Whether an attempt at this trial, which ended before its time, wrote it.</summary>
    public bool IsOf(ITrialContext trial)
        => Trial == trial.Id.Number && ResumedAfter == trial.ResumeAfterStep && !Reports.IsEmpty && Reports[^1].Step == Epoch && !Contradicts(trial.Configuration);

    /// <summary>Whether it was written with another value of a hyperparameter. One that is not in both is none: those declared in the objective come one by one.</summary>
    public bool Contradicts(Configuration configuration)
    {
        var then = Configuration.Split(", ").Select(part => part.Split('=', 2)).Where(part => part.Length == 2).ToLookup(part => part[0], part => part[1]);
        return configuration.ToString().Split(", ").Select(part => part.Split('=', 2)).Any(now => now.Length == 2 && then.Contains(now[0]) && !then[now[0]].Contains(now[1]));
    }
}
