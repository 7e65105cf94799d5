using System.Globalization;

namespace AutoTune.Tuners.Online;

/// <summary>How the state of an online tuner is written: configurations as points of the unit cube, models as they write themselves.</summary>
/// <remarks>
/// Format, version 3: "ATON", version, the hyperparameters in words and the names of the constraints; then counters, models, archive, what the search knows, changes, and "NOTA". Every configuration
/// of a tuner has been through the encoding before, so that it comes back to the bit.
/// </remarks>
internal sealed class OnlineState(SearchSpace space)
{
    private const string Magic = "ATON", End = "NOTA";
    private const int Version = 3;
    private readonly string[] _space = [.. space.Hyperparameters.Select(Describe), .. space.ConstraintNames.Select(name => $"the constraint '{name}'")];

    public void WriteHead(BinaryWriter writer)
    {
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(_space.Length);
        foreach (var part in _space) writer.Write(part);
    }

    /// <exception cref="InvalidDataException">It is no state, of another version, or of another space.</exception>
    public void ReadHead(BinaryReader reader)
    {
        if (reader.ReadString() != Magic) throw new InvalidDataException("The file is no state of TuneOnline; give the path that Save wrote.");
        var version = reader.ReadInt32();
        if (version != Version) throw new InvalidDataException($"The state has version {version}, this AutoTune reads version {Version}; go on with the version that wrote it.");
        var there = new List<string>();
        for (var count = reader.ReadInt32(); count > 0; count--) there.Add(reader.ReadString());
        for (var i = 0; i < Math.Max(there.Count, _space.Length); i++)
        {
            var (theirs, own) = (i < there.Count ? there[i] : "nothing", i < _space.Length ? _space[i] : "nothing");
            if (theirs != own) throw new InvalidDataException($"The state is of another search space: it has {theirs} where this one has {own}; go on with the space that it was written with.");
        }
    }

    public static void WriteEnd(BinaryWriter writer) => writer.Write(End);

    /// <exception cref="InvalidDataException">A model did not read what it wrote.</exception>
    public static void ReadEnd(BinaryReader reader)
    {
        if (reader.ReadString() != End) throw new InvalidDataException("The state does not end where it should: a model does not read what it wrote; Save and Load must agree to the byte.");
    }

    /// <summary>A hyperparameter in words.</summary>
    private static string Describe(Hyperparameter hyperparameter)
    {
        var domain = hyperparameter.Domain;
        var values = domain switch
        {
            RealDomain real => $"from {domain.Format(real.Low)} to {domain.Format(real.High)}{(real.Step is { } step ? $" in steps of {step.ToString("R", CultureInfo.InvariantCulture)}" : "")}{OnLog(real.Scale)}",
            IntegerDomain whole => string.Create(CultureInfo.InvariantCulture, $"whole numbers from {whole.Low} to {whole.High} in steps of {whole.Step}{OnLog(whole.Scale)}"),
            ChoiceDomain choice => $"{(choice.Ordered ? "in order " : "")}{string.Join(", ", choice.Labels)}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return $"'{hyperparameter.Name}' {values}{(hyperparameter.ActiveWhen is { } when ? $" when {when}" : "")}";
    }

    private static string OnLog(Scale scale) => scale == Scale.Log ? ", log scale" : "";

    public void Write(BinaryWriter writer, Configuration? configuration)
    {
        writer.Write(configuration is not null);
        if (configuration is null) return;
        Span<double> unit = new double[space.Hyperparameters.Length];
        space.Encoding.Encode(configuration, unit, []);
        foreach (var coordinate in unit) writer.Write(coordinate);
    }

    public Configuration ReadConfiguration(BinaryReader reader) => ReadConfigurationOrNone(reader) ?? throw new InvalidDataException("The state lacks a configuration; it is damaged.");

    public Configuration? ReadConfigurationOrNone(BinaryReader reader)
    {
        if (!reader.ReadBoolean()) return null;
        var unit = new double[space.Hyperparameters.Length];
        for (var i = 0; i < unit.Length; i++) unit[i] = reader.ReadDouble();
        return space.Encoding.Decode(unit);
    }

    public static void Write(BinaryWriter writer, Move? move)
    {
        writer.Write(move is not null);
        if (move is null) return;
        writer.Write((int)move.Origin);
        writer.Write(move.Hyperparameter);
        writer.Write(move.Sign);
    }

    public static Move? ReadMove(BinaryReader reader) => reader.ReadBoolean() ? new Move((Origin)reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()) : null;

    public void Write(BinaryWriter writer, IReadOnlyCollection<OnlineChange> changes)
    {
        writer.Write(changes.Count);
        foreach (var change in changes)
        {
            writer.Write(change.Examples);
            writer.Write(change.Batch);
            writer.Write((int)change.Kind);
            writer.Write(change.Model);
            Write(writer, change.Configuration);
            writer.Write(change.Reason);
        }
    }

    public IEnumerable<OnlineChange> ReadChanges(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
            yield return new OnlineChange(reader.ReadInt64(), reader.ReadInt64(), (OnlineChangeKind)reader.ReadInt32(), reader.ReadInt32(), ReadConfiguration(reader), reader.ReadString());
    }

    public static void Save(BinaryWriter writer, object model) => Stored(model).Save(writer);

    public static void Load(BinaryReader reader, object model) => Stored(model).Load(reader);

    private static IStoredModel Stored(object model)
        => model as IStoredModel ?? throw new NotSupportedException($"{model.GetType().Name} cannot be saved; let it implement {nameof(IStoredModel)}.");
}
