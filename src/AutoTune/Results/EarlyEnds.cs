using System.Globalization;

namespace AutoTune.Results;

/// <summary>What ending trials early came to: how many steps it saved, when trials were stopped, and why the last one was.</summary>
internal static class EarlyEnds
{
    /// <summary>How many trials were ended early, and how much of the study that saved, such as "24 stopped early (88 of 300 steps saved)"; null if none was.</summary>
    /// <remarks>
    /// A whole trial has as many steps as the longest completed one reported, whatever was said of them, so nothing is said of what was
    /// saved while none has completed. A step may be a fold, an epoch, or a share of the data.
    /// </remarks>
    public static string? Summary(StudyView view)
    {
        if (view.StoppedCount + view.Paused.Count == 0) return null;
        var (whole, trials, spent) = (0, 0, 0L);
        foreach (var trial in view.Trials)
        {
            if (trial.State == TrialState.Completed) whole = Math.Max(whole, trial.LastReport?.Step ?? 0);
        }

        foreach (var trial in view.Trials)
        {
            if (trial.State is not (TrialState.Completed or TrialState.Stopped or TrialState.Paused)) continue;
            trials++;
            spent += trial.StepsSpent;
        }

        var all = (long)trials * whole;

        List<string> parts = [];
        if (view.StoppedCount > 0) parts.Add(Text($"{view.StoppedCount} stopped early"));
        if (view.Paused.Count > 0) parts.Add(Text($"{view.Paused.Count} left paused"));
        return string.Join(", ", parts) + (spent < all ? Text($" ({all - spent} of {all} steps saved)") : "");
    }

    /// <summary>After which steps trials were stopped, and after which ones they were left paused, each with the last one's reason.</summary>
    public static IEnumerable<string> Reasons(StudyView view)
    {
        if (Reasons(view, "Stopped early", trial => trial.Outcome is TrialOutcome.Stopped stopped ? (stopped.AtStep, stopped.Reason) : null) is { } stops) yield return stops;
        if (Reasons(view, "Left paused", trial => trial.State == TrialState.Paused ? (trial.PausedAtStep, trial.PauseReason) : null) is { } pauses) yield return pauses;
    }

    private static string? Reasons(StudyView view, string title, Func<Trial, (int Step, string Reason)?> endOf)
    {
        var stops = new SortedDictionary<int, int>();
        var (last, reason) = (default(TrialId), "");
        foreach (var trial in view.Trials)
        {
            if (endOf(trial) is not { } end) continue;
            stops[end.Step] = stops.GetValueOrDefault(end.Step) + 1;
            (last, reason) = (trial.Id, end.Reason);
        }

        if (stops.Count == 0) return null;
        var steps = stops.Count <= 6
            ? string.Join(", ", stops.Select(stop => Text($"{stop.Value} after step {stop.Key}")))
            : Text($"{stops.Values.Sum()} after steps {stops.Keys.First()} to {stops.Keys.Last()}");
        return $"{title}: {steps}; the last was {last}, {reason}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
