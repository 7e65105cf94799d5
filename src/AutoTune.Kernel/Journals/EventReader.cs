using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace AutoTune.Journals;

/// <summary>
/// Reads the facts of one study from the text that <see cref="EventWriter"/> or the frames that <see cref="EventFrameWriter"/> wrote, in
/// order from the first.
/// </summary>
/// <param name="place">What is read, for messages: <c>the study 'x' in 'f.db'</c>.</param>
/// <remarks>
/// A configuration is read against the space as of its fact, so the reader must see the creation of the study and every declared
/// hyperparameter before it; other facts may be left out. Not thread-safe.
/// </remarks>
public sealed class EventReader(string place)
{
    private SearchSpace _space = SearchSpace.Empty;
    private string _origin = ""; // nearly all trials of a study have the same: one string for them
    private byte[] _originBytes = [];

    /// <summary>The fact of a line.</summary>
    /// <exception cref="JournalException">The line comes from a newer AutoTune, or is damaged.</exception>
    public StudyEvent Read(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        long? sequence = null;
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            DemandVersion(json.GetProperty("v").GetInt32());
            sequence = json.GetProperty("seq").GetInt64();
            return ReadBody(json) with { Sequence = sequence.Value, At = json.GetProperty("at").GetDateTimeOffset() };
        }
        catch (Exception error) when (error is JsonException or FormatException or KeyNotFoundException or InvalidOperationException
            or ArgumentException or OverflowException)
        {
            var fact = sequence is null ? "A fact" : FormattableString.Invariant($"Fact {sequence}");
            throw new JournalException($"{fact} of {place} is damaged: {error.Message.TrimEnd('.')}; restore it from a copy, or begin a new study.", error);
        }
    }

    /// <summary>The facts of frames, up to the first frame that was cut off or altered.</summary>
    /// <param name="frames">Frames one after another.</param>
    /// <param name="take">Takes each fact.</param>
    /// <returns>How many bytes were good; fewer than there are if a frame was cut off or altered.</returns>
    /// <exception cref="JournalException">A frame is whole and cannot be read all the same: it comes from a newer AutoTune, or does not belong here.</exception>
    public int ReadFrames(ReadOnlySpan<byte> frames, Action<StudyEvent> take)
    {
        ArgumentNullException.ThrowIfNull(take);
        var good = 0;
        while (BodyOfFrame(frames[good..]) is { IsEmpty: false } body)
        {
            take(ReadBody(body));
            good += EventFrameWriter.HeaderLength + body.Length;
        }

        return good;
    }

    /// <summary>How many bytes the first frames take, without reading what is in them.</summary>
    /// <param name="frames">Frames one after another.</param>
    /// <param name="atMost">How many of them.</param>
    /// <param name="count">How many there are of these before the first that was cut off or altered.</param>
    public static int LengthOfFrames(ReadOnlySpan<byte> frames, long atMost, out long count)
    {
        var length = 0;
        for (count = 0; count < atMost && BodyOfFrame(frames[length..]) is { IsEmpty: false } body; count++) length += EventFrameWriter.HeaderLength + body.Length;
        return length;
    }

    /// <summary>The body of the first frame; empty if it is cut off or altered.</summary>
    private static ReadOnlySpan<byte> BodyOfFrame(ReadOnlySpan<byte> frames)
    {
        if (frames.Length <= EventFrameWriter.HeaderLength) return [];
        var length = BinaryPrimitives.ReadInt32LittleEndian(frames);
        if (length <= 0 || length > frames.Length - EventFrameWriter.HeaderLength) return [];
        var body = frames.Slice(EventFrameWriter.HeaderLength, length);
        return BinaryPrimitives.ReadUInt32LittleEndian(frames[4..]) == EventFrameWriter.Checksum(body) ? body : [];
    }

    private StudyEvent ReadBody(ReadOnlySpan<byte> bytes)
    {
        var body = new FrameBody(bytes);
        var kind = (FrameKind)body.Byte();
        if (kind == FrameKind.Text) return Read(body.RestAsText());
        if (kind > FrameKind.Stopped)
            throw new JournalException($"A fact of {place} is of the kind {(int)kind}, which this AutoTune does not know; update the package to the one that wrote it.");
        try
        {
            var sequence = body.Count();
            var at = body.At();
            var trial = body.Trial();
            StudyEvent fact = kind switch
            {
                FrameKind.Reported => new TrialReported(new TrialReport(trial, body.Int32(), body.Number())) { Sequence = sequence, At = at },
                FrameKind.Completed => new TrialFinished(trial, new TrialOutcome.Completed(body.Number(), body.Metrics())) { Sequence = sequence, At = at },
                FrameKind.Stopped => new TrialFinished(trial, new TrialOutcome.Stopped(body.Int32(), body.Text())) { Sequence = sequence, At = at },
                _ => ReadStarted(trial, ref body) with { Sequence = sequence, At = at },
            };
            body.DemandEnd();
            return fact;
        }
        catch (Exception error) when (error is FormatException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new JournalException($"A fact of {place} is damaged: {error.Message.TrimEnd('.')}; restore it from a copy, or begin a new study.", error);
        }
    }

    private TrialStarted ReadStarted(TrialId trial, ref FrameBody body)
    {
        var budget = body.Optional();
        var origin = body.TextBytes();
        if (!origin.SequenceEqual(_originBytes)) (_originBytes, _origin) = (origin.ToArray(), Encoding.UTF8.GetString(origin));
        var tags = body.Tags();
        return new TrialStarted(trial, new Configuration(_space, body.Codes(_space.Hyperparameters.Length)), budget, tags, _origin);
    }

    /// <summary>Refuses a schema that is newer than this reader.</summary>
    /// <exception cref="JournalException">It is newer.</exception>
    public void DemandVersion(int schema) => Demand(schema, EventWriter.SchemaVersion);

    /// <summary>Refuses frames whose schema is newer than this reader.</summary>
    /// <exception cref="JournalException">It is newer.</exception>
    public void DemandFrames(int schema) => Demand(schema, EventFrameWriter.SchemaVersion);

    private void Demand(int schema, int newest)
    {
        if (schema <= newest) return;
        throw new JournalException(
            $"{char.ToUpperInvariant(place[0])}{place[1..]} was written by a newer AutoTune (schema {schema}; this one reads up to {newest}); update the package.");
    }

    private StudyEvent ReadBody(JsonElement json)
    {
        switch (json.GetProperty("kind").GetString())
        {
            case EventKind.StudyCreated:
                _space = SpaceText.ReadSpace(json.GetProperty("space"));
                var goal = json.GetProperty("goal");
                return new StudyCreated(
                    Text(json, "name"), json.GetProperty("seed").GetInt64(), new Goal(Text(goal, "metric"), goal.GetProperty("maximize").GetBoolean()), _space)
                {
                    Evaluation = json.TryGetProperty("evaluation", out var evaluation) ? evaluation.GetString()! : "",
                    Requirements = json.TryGetProperty("requirements", out var requirements) ? [.. requirements.EnumerateArray().Select(ReadRequirement)] : [],
                    Steps = json.TryGetProperty("steps", out var steps) ? ReadSteps(steps) : null,
                };
            case EventKind.HyperparameterDeclared:
                var declared = SpaceText.ReadHyperparameter(json.GetProperty("hyperparameter"), _space.Hyperparameters);
                _space = _space.With(declared);
                return new HyperparameterDeclared(declared);
            case EventKind.TrialStarted:
                return new TrialStarted(ReadTrial(json), ReadConfiguration(json), Steps(json, "budget"), ReadTags(json), Text(json, "origin"));
            case EventKind.TrialConfigured:
                return new TrialConfigured(ReadTrial(json), ReadConfiguration(json));
            case EventKind.TrialReported:
                return new TrialReported(new TrialReport(ReadTrial(json), json.GetProperty("step").GetInt32(), SpaceText.ReadNumber(json.GetProperty("loss"))));
            case EventKind.TrialPaused:
                return new TrialPaused(ReadTrial(json), json.GetProperty("atStep").GetInt32(), Text(json, "reason"));
            case EventKind.TrialResumed:
                return new TrialResumed(ReadTrial(json), Steps(json, "budget"), Steps(json, "from") is { } from ? new TrialId(from) : null,
                    json.TryGetProperty("configuration", out _) ? ReadConfiguration(json) : null, json.TryGetProperty("reason", out var reason) ? reason.GetString()! : "");
            case EventKind.TrialAttemptFailed:
                return new TrialAttemptFailed(ReadTrial(json), ReadError(json));
            case EventKind.TrialInterrupted:
                return new TrialInterrupted(ReadTrial(json), Text(json, "reason"));
            case EventKind.TrialRestarted:
                return new TrialRestarted(ReadTrial(json));
            case EventKind.TrialFinished:
                return new TrialFinished(ReadTrial(json), ReadOutcome(json));
            case EventKind.TunerFailed:
                return new TunerFailed(ReadTrial(json), ReadError(json));
            case var unknown:
                throw new JournalException(
                    $"Fact {json.GetProperty("seq").GetInt64()} of {place} is of the kind '{unknown}', which this AutoTune does not know; update the package to the one that wrote it.");
        }
    }

    private Configuration ReadConfiguration(JsonElement json) => SpaceText.ReadConfiguration(json.GetProperty("configuration"), _space);

    private static string Text(JsonElement json, string property)
        => json.GetProperty(property).GetString() ?? throw new FormatException($"'{property}' is missing");

    private static TrialId ReadTrial(JsonElement json) => new(json.GetProperty("trial").GetInt32());

    private static int? Steps(JsonElement json, string property) => json.TryGetProperty(property, out var steps) ? steps.GetInt32() : null;

    private static ImmutableSortedDictionary<string, string> ReadTags(JsonElement json) => json.TryGetProperty("tags", out var tags)
        ? tags.EnumerateObject().ToImmutableSortedDictionary(tag => tag.Name, tag => tag.Value.GetString()!, StringComparer.Ordinal)
        : Notes.None<string>();

    private TrialSteps ReadSteps(JsonElement json) => new(json.GetProperty("count").GetInt32(), StepName.Kind(Text(json, "kind"))
        ?? throw new JournalException($"The steps of {place} are {Text(json, "kind")}, which this AutoTune does not know; update the package to the one that wrote it."))
    {
        CanResume = json.TryGetProperty("canResume", out var canResume) && canResume.GetBoolean(),
    };

    private static Requirement ReadRequirement(JsonElement json)
        => new(Text(json, "metric"), SpaceText.ReadNumber(json.GetProperty("bound")), json.GetProperty("atMost").GetBoolean());

    private static TrialError ReadError(JsonElement json)
    {
        var error = json.GetProperty("error");
        return new TrialError(Text(error, "type"), Text(error, "message"), error.TryGetProperty("details", out var details) ? details.GetString()! : "");
    }

    private static TrialOutcome ReadOutcome(JsonElement json) => Text(json, "outcome") switch
    {
        OutcomeKind.Completed => new TrialOutcome.Completed(SpaceText.ReadNumber(json.GetProperty("loss")), ReadNumbers(json, "metrics")) { Gradient = ReadNumbers(json, "gradient") },
        OutcomeKind.Stopped => new TrialOutcome.Stopped(json.GetProperty("atStep").GetInt32(), Text(json, "reason")),
        OutcomeKind.Failed => new TrialOutcome.Failed(ReadError(json), json.GetProperty("retryable").GetBoolean()),
        var other => throw new FormatException($"the outcome '{other}' is unknown"),
    };

    private static ImmutableSortedDictionary<string, double> ReadNumbers(JsonElement json, string property) => json.TryGetProperty(property, out var numbers)
        ? numbers.EnumerateObject().ToImmutableSortedDictionary(entry => entry.Name, entry => SpaceText.ReadNumber(entry.Value), StringComparer.Ordinal)
        : Notes.None<double>();
}
