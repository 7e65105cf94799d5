using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AutoTune;

/// <summary>How a study, or this run of it, ended.</summary>
/// <param name="View">The study at its end.</param>
/// <param name="StopReason">Why it ended; empty while it goes on.</param>
/// <param name="Warnings">What went wrong without ending it.</param>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record StudyResult(StudyView View, string StopReason, ImmutableArray<string> Warnings)
{
    /// <summary>Whether any trial completed and meets the requirements.</summary>
    public bool HasBest => View.Best is not null;

    /// <summary>The best trial.</summary>
    /// <exception cref="InvalidOperationException">No trial completed, which can be when a study is cancelled early, or none meets the requirements.</exception>
    public Trial Best => View.Best ?? throw new InvalidOperationException($"Study '{View.Name}' has no best trial: {WhyNoBest()} Ask HasBest first, or let it run longer.");

    /// <summary>The best configuration.</summary>
    /// <exception cref="InvalidOperationException">No trial completed.</exception>
    public Configuration BestConfiguration => Best.Configuration;

    /// <summary>The best value of the goal's metric.</summary>
    /// <exception cref="InvalidOperationException">No trial completed.</exception>
    public double BestValue => View.Goal.Flip(Best.Loss!.Value);

    /// <summary>The folder of the folders in which trials leave files; empty where the study ran in another process.</summary>
    public string ArtifactDirectory { get; init; } = "";

    /// <summary>The folder of a trial's files; not there if it left none, or if they were cleaned away.</summary>
    /// <param name="trial">The trial.</param>
    public string ArtifactDirectoryOf(TrialId trial) => Studies.ArtifactFolders.OfTrial(ArtifactDirectory, trial);

    /// <summary>Why there is no best trial.</summary>
    internal string WhyNoBest()
    {
        if (View.CompletedCount == 0) return $"none completed before it ended ({StopReason}).{EndedEarly(View)}";
        var closest = View.Trials.Where(trial => trial.Loss is not null).MinBy(trial => trial.Violations.Sum(violation => Math.Max(violation, 0)))!;
        var metrics = ((TrialOutcome.Completed)closest.Outcome!).Metrics;
        var reached = View.Requirements.Select(requirement => string.Create(CultureInfo.InvariantCulture, $"{requirement.Metric} {metrics[requirement.Metric]:G6}"));
        return $"none of {View.CompletedCount} meets all requirements ({string.Join(", ", View.Requirements)}); {closest.Id} comes closest ({string.Join(", ", reached)}).";
    }

    /// <summary>A sentence each, after a space, on the trials that were stopped early and on those that were left paused; empty if there are none.</summary>
    internal static string EndedEarly(StudyView view)
    {
        var text = new StringBuilder();
        if (view.Trials.LastOrDefault(trial => trial.Outcome is TrialOutcome.Stopped) is { Outcome: TrialOutcome.Stopped stopped } last)
            text.Append(CultureInfo.InvariantCulture, $" {view.StoppedCount} of {view.Trials.Count} trials {(view.StoppedCount == 1 ? "was" : "were")} stopped early, {last.Id} at {Trial.At(stopped.AtStep, stopped.Reason).TrimEnd('.')}.");
        if (view.Trials.LastOrDefault(trial => trial.State == TrialState.Paused) is { } paused)
        {
            text.Append(CultureInfo.InvariantCulture, $" {view.Paused.Count} of {view.Trials.Count} trials {(view.Paused.Count == 1 ? "was" : "were")} left paused, {paused.Id} at {Trial.At(paused.PausedAtStep, paused.PauseReason).TrimEnd('.')}");
            text.Append("; only a scheduler that resumes trials goes on with them.");
        }

        return text.ToString();
    }

    /// <summary>A few lines for people: what was reached, by which configuration, why it ended.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Study '{View.Name}' ({View.Goal}): {View.CompletedCount} completed");
        if (View.StoppedCount > 0) text.Append(CultureInfo.InvariantCulture, $", {View.StoppedCount} stopped early");
        if (!View.Paused.IsEmpty) text.Append(CultureInfo.InvariantCulture, $", {View.Paused.Count} left paused");
        if (View.FailedCount > 0) text.Append(CultureInfo.InvariantCulture, $", {View.FailedCount} failed");
        text.AppendLine(StopReason.Length > 0 ? $"; ended because {StopReason}." : "; it goes on.");
        if (View.Best is not null) text.AppendLine(CultureInfo.InvariantCulture, $"Best {View.Goal.Metric} {BestValue:G6} in {Best.Id}: {BestConfiguration}");
        else if (View.CompletedCount > 0) text.AppendLine(CultureInfo.InvariantCulture, $"No best: {WhyNoBest()}");
        foreach (var warning in Warnings) text.AppendLine(CultureInfo.InvariantCulture, $"Warning: {warning}");
        return text.ToString().TrimEnd();
    }
}
