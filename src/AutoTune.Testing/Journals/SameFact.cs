using System.Collections.Immutable;
using System.Globalization;

namespace AutoTune.Testing;

/// <summary>Tells facts apart part by part, where equality of records would stop at references.</summary>
public static class SameFact
{
    /// <summary>What differs between a fact and the one that came back from a journal; null if nothing does.</summary>
    /// <remarks>Values of choices are compared as their texts: a journal keeps no more.</remarks>
    public static string? Difference(StudyEvent expected, StudyEvent actual)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        var kind = expected.GetType().Name;
        if (kind != actual.GetType().Name) return $"a {kind} became a {actual.GetType().Name}";
        var (before, after) = (Parts(expected).ToList(), Parts(actual).ToList());
        for (var i = 0; i < Math.Max(before.Count, after.Count); i++)
        {
            var (was, now) = (before.ElementAtOrDefault(i) ?? "nothing", after.ElementAtOrDefault(i) ?? "nothing");
            if (was != now) return $"in a {kind}, '{was}' became '{now}'";
        }

        return null;
    }

    private static IEnumerable<string> Parts(StudyEvent fact) => [Text($"sequence {fact.Sequence}"), Text($"at {fact.At:O}"), .. Body(fact)];

    private static IEnumerable<string> Body(StudyEvent fact) => fact switch
    {
        StudyCreated e => [Text($"name {e.Name}"), Text($"seed {e.Seed}"), Text($"goal {e.Goal}"), Text($"evaluation {e.Evaluation}"), Text($"steps {e.Steps}"), .. e.Requirements.Select(requirement => requirement.ToString()), .. Parts(e.Space)],
        HyperparameterDeclared e => [Part(e.Hyperparameter)],
        TrialStarted e => [Text($"{e.Trial} budget {e.Budget}"), Text($"origin {e.Origin}"), .. Parts(e.Configuration), .. Parts(e.Tags)],
        TrialConfigured e => [Text($"{e.Trial}"), .. Parts(e.Configuration)],
        TrialReported e => [Text($"{e.Report.Trial} step {e.Report.Step}"), Text($"loss {Bits(e.Report.Loss)}")],
        TrialPaused e => [Text($"{e.Trial} at step {e.AtStep}"), Text($"reason {e.Reason}")],
        TrialResumed e => [Text($"{e.Trial} budget {e.Budget} from {e.From}"), $"reason {e.Reason}", .. e.Configuration is { } changed ? Parts(changed) : []],
        TrialAttemptFailed e => [Text($"{e.Trial}"), .. Parts(e.Error)],
        TrialInterrupted e => [Text($"{e.Trial}"), Text($"reason {e.Reason}")],
        TrialRestarted e => [Text($"{e.Trial}")],
        TrialFinished e => [Text($"{e.Trial}"), .. Parts(e.Outcome)],
        TunerFailed e => [Text($"{e.Trial}"), .. Parts(e.Error)],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static IEnumerable<string> Parts(SearchSpace space) =>
        [.. space.Hyperparameters.Select(Part), .. space.ConstraintNames.Select(name => $"constraint {name}")];

    private static string Part(Hyperparameter h)
    {
        var domain = h.Domain is ChoiceDomain choice ? $"{choice.Ordered} {string.Join("|", choice.Labels)}" : h.Domain.ToString();
        return Text($"hyperparameter {h.Index} {h.Name} {domain} default {Bits(h.DefaultCode)} when {h.ActiveWhen}");
    }

    private static IEnumerable<string> Parts(Configuration configuration) =>
    [
        Text($"of {configuration.Space.Hyperparameters.Length} hyperparameters"),
        .. configuration.Values.Select(value => Text($"{value.Hyperparameter.Name} {value.Text} {(value.Value is double real ? Bits(real) : "")}")),
    ];

    private static IEnumerable<string> Parts(ImmutableSortedDictionary<string, string> tags) => tags.Select(tag => $"tag {tag.Key}: {tag.Value}");

    private static IEnumerable<string> Parts(TrialError error) => [$"type {error.Type}", $"message {error.Message}", $"details {error.Details}"];

    private static IEnumerable<string> Parts(TrialOutcome outcome) => outcome switch
    {
        TrialOutcome.Completed e => [$"completed {Bits(e.Loss)}", .. e.Metrics.Select(metric => $"metric {metric.Key} {Bits(metric.Value)}"), .. e.Gradient.Select(entry => $"derivative by {entry.Key} {Bits(entry.Value)}")],
        TrialOutcome.Stopped e => [Text($"stopped at {e.AtStep}"), $"reason {e.Reason}"],
        TrialOutcome.Paused e => [Text($"paused at {e.AtStep}"), $"reason {e.Reason}"],
        TrialOutcome.Failed e => [$"failed, retryable {e.IsRetryable}", .. Parts(e.Error)],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Bits(double number) => Text($"{number:R} ({(double.IsNaN(number) ? 0 : BitConverter.DoubleToInt64Bits(number)):x})");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
