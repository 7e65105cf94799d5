using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AutoTune.Journals;

/// <summary>Writes the facts of a study as text, one line of JSON each: what every durable journal keeps. <see cref="EventReader"/> reads it.</summary>
/// <remarks>
/// Culture-free; numbers come back bit by bit; NaN and infinities, which only side metrics may hold, are written as text. Each line carries
/// the schema version and the fact's kind by a name of its own, so that renaming a type changes no file. Thread-safe.
/// </remarks>
public static class EventWriter
{
    /// <summary>The version of the text. A change that an older reader would misread raises it; a line says, as <c>v</c>, the version that it needs.</summary>
    /// <remarks>
    /// 2: a resumed trial may go on with another configuration. 3: a completed trial may have a gradient. Lines without either are still of
    /// version 1, which older readers take.
    /// </remarks>
    public const int SchemaVersion = 3;

    // Relaxed: the text goes into files and databases, never into HTML, and people read it. Line breaks are escaped all the same.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line of a fact, without a line break.</summary>
    public static string Write(StudyEvent studyEvent)
    {
        ArgumentNullException.ThrowIfNull(studyEvent);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("v", VersionOf(studyEvent));
            json.WriteNumber("seq", studyEvent.Sequence);
            json.WriteString("at", studyEvent.At);
            json.WriteString("kind", KindOf(studyEvent));
            WriteBody(json, studyEvent);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The name of a fact's kind, such as <c>trial-started</c>.</summary>
    public static string KindOf(StudyEvent studyEvent) => studyEvent switch
    {
        StudyCreated => EventKind.StudyCreated,
        HyperparameterDeclared => EventKind.HyperparameterDeclared,
        TrialStarted => EventKind.TrialStarted,
        TrialConfigured => EventKind.TrialConfigured,
        TrialReported => EventKind.TrialReported,
        TrialPaused => EventKind.TrialPaused,
        TrialResumed => EventKind.TrialResumed,
        TrialAttemptFailed => EventKind.TrialAttemptFailed,
        TrialInterrupted => EventKind.TrialInterrupted,
        TrialRestarted => EventKind.TrialRestarted,
        TrialFinished => EventKind.TrialFinished,
        TunerFailed => EventKind.TunerFailed,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static int VersionOf(StudyEvent studyEvent) => studyEvent switch
    {
        TrialFinished { Outcome: TrialOutcome.Completed { Gradient.IsEmpty: false } } => 3,
        TrialResumed { Configuration: not null } => 2,
        _ => 1,
    };

    private static void WriteBody(Utf8JsonWriter json, StudyEvent studyEvent)
    {
        switch (studyEvent)
        {
            case StudyCreated e:
                json.WriteString("name", e.Name);
                json.WriteNumber("seed", e.Seed);
                json.WriteStartObject("goal");
                json.WriteString("metric", e.Goal.Metric);
                json.WriteBoolean("maximize", e.Goal.IsMaximized);
                json.WriteEndObject();
                if (e.Evaluation.Length > 0) json.WriteString("evaluation", e.Evaluation);
                WriteRequirements(json, e.Requirements);
                WriteSteps(json, e.Steps);
                SpaceText.Write(json, "space", e.Space);
                break;
            case HyperparameterDeclared e:
                SpaceText.Write(json, "hyperparameter", e.Hyperparameter);
                break;
            case TrialStarted e:
                WriteTrial(json, e.Trial);
                SpaceText.Write(json, "configuration", e.Configuration);
                WriteBudget(json, e.Budget);
                WriteTags(json, e.Tags);
                json.WriteString("origin", e.Origin);
                break;
            case TrialConfigured e:
                WriteTrial(json, e.Trial);
                SpaceText.Write(json, "configuration", e.Configuration);
                break;
            case TrialReported e:
                WriteTrial(json, e.Report.Trial);
                json.WriteNumber("step", e.Report.Step);
                SpaceText.WriteNumber(json, "loss", e.Report.Loss);
                break;
            case TrialPaused e:
                WriteTrial(json, e.Trial);
                json.WriteNumber("atStep", e.AtStep);
                json.WriteString("reason", e.Reason);
                break;
            case TrialResumed e:
                WriteTrial(json, e.Trial);
                WriteBudget(json, e.Budget);
                if (e.From is { } from) json.WriteNumber("from", from.Number);
                if (e.Configuration is { } changed) SpaceText.Write(json, "configuration", changed);
                if (e.Reason.Length > 0) json.WriteString("reason", e.Reason);
                break;
            case TrialAttemptFailed e:
                WriteTrial(json, e.Trial);
                WriteError(json, e.Error);
                break;
            case TrialInterrupted e:
                WriteTrial(json, e.Trial);
                json.WriteString("reason", e.Reason);
                break;
            case TrialRestarted e:
                WriteTrial(json, e.Trial);
                break;
            case TrialFinished e:
                WriteTrial(json, e.Trial);
                WriteOutcome(json, e.Outcome);
                break;
            case TunerFailed e:
                WriteTrial(json, e.Trial);
                WriteError(json, e.Error);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static void WriteRequirements(Utf8JsonWriter json, ImmutableArray<Requirement> requirements)
    {
        if (requirements.IsEmpty) return;
        json.WriteStartArray("requirements");
        foreach (var requirement in requirements)
        {
            json.WriteStartObject();
            json.WriteString("metric", requirement.Metric);
            SpaceText.WriteNumber(json, "bound", requirement.Bound);
            json.WriteBoolean("atMost", requirement.IsAtMost);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSteps(Utf8JsonWriter json, TrialSteps? steps)
    {
        if (steps is null) return;
        json.WriteStartObject("steps");
        json.WriteNumber("count", steps.Count);
        json.WriteString("kind", StepName.Of(steps.Kind));
        if (steps.CanResume) json.WriteBoolean("canResume", true);
        json.WriteEndObject();
    }

    private static void WriteTrial(Utf8JsonWriter json, TrialId trial) => json.WriteNumber("trial", trial.Number);

    private static void WriteBudget(Utf8JsonWriter json, int? budget)
    {
        if (budget is { } steps) json.WriteNumber("budget", steps);
    }

    private static void WriteTags(Utf8JsonWriter json, ImmutableSortedDictionary<string, string> tags)
    {
        if (tags.IsEmpty) return;
        json.WriteStartObject("tags");
        foreach (var (name, text) in tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)) json.WriteString(name, text);
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, TrialError error)
    {
        json.WriteStartObject("error");
        json.WriteString("type", error.Type);
        json.WriteString("message", error.Message);
        if (error.Details.Length > 0) json.WriteString("details", error.Details);
        json.WriteEndObject();
    }

    private static void WriteOutcome(Utf8JsonWriter json, TrialOutcome outcome)
    {
        switch (outcome)
        {
            case TrialOutcome.Completed completed:
                json.WriteString("outcome", OutcomeKind.Completed);
                SpaceText.WriteNumber(json, "loss", completed.Loss);
                WriteNumbers(json, "metrics", completed.Metrics);
                WriteNumbers(json, "gradient", completed.Gradient);
                break;
            case TrialOutcome.Stopped stopped:
                json.WriteString("outcome", OutcomeKind.Stopped);
                json.WriteNumber("atStep", stopped.AtStep);
                json.WriteString("reason", stopped.Reason);
                break;
            case TrialOutcome.Failed failed:
                json.WriteString("outcome", OutcomeKind.Failed);
                WriteError(json, failed.Error);
                json.WriteBoolean("retryable", failed.IsRetryable);
                break;
            default:
                throw new ArgumentException($"A trial cannot finish as {outcome}; a pause is a fact of its own, {nameof(TrialPaused)}.", nameof(outcome));
        }
    }

    private static void WriteNumbers(Utf8JsonWriter json, string property, ImmutableSortedDictionary<string, double> numbers)
    {
        if (numbers.IsEmpty) return;
        json.WriteStartObject(property);
        foreach (var (name, number) in numbers.OrderBy(entry => entry.Key, StringComparer.Ordinal)) SpaceText.WriteNumber(json, name, number);
        json.WriteEndObject();
    }
}
