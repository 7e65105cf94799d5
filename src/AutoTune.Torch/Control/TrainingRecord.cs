using System.Collections.Immutable;
using System.Text;

namespace AutoTune.Torch.Control;

/// <summary>What a controller saw, drew and got in one training: an episode to learn from.</summary>
/// <param name="Task">What was trained on: trainings of one task are compared with each other.</param>
internal sealed record TrainingRecord(string Task)
{
    private const string Magic = "ATCR";
    private const int Version = 1;

    /// <summary>The decisions, oldest first.</summary>
    public List<Decision> Decisions { get; } = [];

    /// <summary>The last decision's reward grows.</summary>
    public void Reward(double reward)
    {
        if (Decisions.Count > 0) Decisions[^1] = Decisions[^1] with { Reward = Decisions[^1].Reward + reward };
    }

    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="count">How many of the decisions, from the oldest; null: all.</param>
    public void Write(BinaryWriter writer, int? count = null)
    {
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(Task);
        writer.Write(count ?? Decisions.Count);
        foreach (var decision in Decisions.Take(count ?? Decisions.Count))
        {
            foreach (var sign in decision.Signs) writer.Write(sign);
            writer.Write(decision.Reward);
            writer.Write(decision.Draws.Length);
            foreach (var draw in decision.Draws)
            {
                writer.Write((int)draw.Kind);
                writer.Write(draw.Action);
                writer.Write(draw.LogLikelihood);
            }
        }
    }

    /// <exception cref="InvalidDataException">It is none, of another version, or damaged.</exception>
    public static TrainingRecord Read(BinaryReader reader)
    {
        if (reader.ReadString() != Magic || reader.ReadInt32() != Version) throw new InvalidDataException("This is no record of a controlled training that this version reads; use the version that wrote it.");
        var record = new TrainingRecord(reader.ReadString());
        var count = reader.ReadInt32();
        for (var i = 0; i < count; i++)
        {
            var signs = new double[TrainingSigns.Count];
            for (var j = 0; j < signs.Length; j++) signs[j] = reader.ReadDouble();
            var reward = reader.ReadDouble();
            var settings = reader.ReadInt32();
            if (settings < 0 || (i > 0 && settings != record.Decisions[0].Draws.Length)) throw new InvalidDataException($"The record of a controlled training is damaged: decision {i + 1} is one on {settings} settings.");
            var draws = ImmutableArray.CreateBuilder<Draw>();
            for (var j = 0; j < settings; j++)
            {
                var draw = new Draw((ControlKind)reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble());
                if (!draw.IsPossible) throw new InvalidDataException($"The record of a controlled training is damaged: decision {i + 1} is {draw}.");
                draws.Add(draw);
            }

            record.Decisions.Add(new Decision(signs, draws.ToImmutable()) { Reward = reward });
        }

        return record;
    }

    /// <summary>The records in a folder, by their names.</summary>
    /// <param name="folder">The folder; one that does not exist has none.</param>
    /// <param name="without">The name of one that is left out; null: none is.</param>
    /// <exception cref="InvalidDataException">A file is no record, one of another version, or damaged.</exception>
    public static IEnumerable<TrainingRecord> In(string folder, string? without = null)
    {
        if (!Directory.Exists(folder)) yield break;
        foreach (var file in Directory.EnumerateFiles(folder, "*.training").Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(file) == without) continue;
            yield return Read(file);
        }
    }

    private static TrainingRecord Read(string file)
    {
        using var reader = new BinaryReader(File.OpenRead(file), Encoding.UTF8);
        try
        {
            return Read(reader);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or InvalidDataException or ArgumentException)
        {
            throw new InvalidDataException($"'{file}': {(e is InvalidDataException ? e.Message : "The record of a controlled training is damaged: it ends early, or is something else.")} Delete the file to learn without it.", e);
        }
    }

    /// <summary>A decision.</summary>
    /// <param name="Signs">What was seen.</param>
    /// <param name="Draws">What was drawn, for each setting.</param>
    public sealed record Decision(double[] Signs, ImmutableArray<Draw> Draws)
    {
        /// <summary>By how much the logarithm of the loss that counts fell until the next decision.</summary>
        public double Reward { get; init; }
    }

    /// <summary>What was drawn for one setting.</summary>
    /// <param name="Kind">What the setting does.</param>
    /// <param name="Action">Which multiplication.</param>
    /// <param name="LogLikelihood">The logarithm of its likelihood under the policy that drew it.</param>
    public readonly record struct Draw(ControlKind Kind, int Action, double LogLikelihood)
    {
        /// <summary>Whether there is such a setting, and such a multiplication.</summary>
        public bool IsPossible => Enum.IsDefined(Kind) && Action >= 0 && Action < ControlPolicy.ActionCount && LogLikelihood < 1e-6; // rounded
    }
}
