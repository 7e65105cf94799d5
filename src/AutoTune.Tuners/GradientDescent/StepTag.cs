using System.Collections.Immutable;
using System.Globalization;

namespace AutoTune.Tuners.GradientDescent;

/// <summary>Whose step a trial is: noted on the trial, so that its loss judges the region that proposed it.</summary>
/// <param name="Run">The run's number; -1: a start, of no run.</param>
/// <param name="Epoch">How often the run had moved.</param>
internal readonly record struct StepTag(int Run, int Epoch)
{
    private const string Key = "gradient", ReasonKey = "gradient reason", StartText = "start";

    public static StepTag Start => new(-1, 0);

    public bool IsStart => Run < 0;

    public static StepTag? Of(Trial trial)
    {
        if (!trial.Tags.TryGetValue(Key, out var text)) return null;
        if (text == StartText) return Start;
        var parts = text.Split('.');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var run)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? new StepTag(run, epoch) : null;
    }

    /// <param name="reason">Why this trial, for people.</param>
    public ImmutableSortedDictionary<string, string> ToTags(string reason) => ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
        .Add(Key, IsStart ? StartText : string.Create(CultureInfo.InvariantCulture, $"{Run}.{Epoch}"))
        .Add(ReasonKey, reason);
}
