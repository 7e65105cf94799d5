using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Execution;

namespace AutoTune.Studies;

/// <summary>What becomes of the studies that a worker process meets: its own is served, earlier ones have their results from the parent.</summary>
internal static class WorkerStudies
{
    /// <summary>A study is opened. In the worker of this study it never returns.</summary>
    /// <returns>How the study went, if this is a worker on its way to a later one; null if the study is to be run here.</returns>
    public static async Task<EarlierStudy?> ReachAsync(StudyAddress study, StudySettings settings, IObjective objective)
    {
        if (WorkerHost.Current is not { } worker) return null;
        if (worker.Target != study) return await RecallAsync(worker, study).ConfigureAwait(false);
        var space = settings.Space?.Invoke() ?? SearchSpace.Empty;
        await worker.ServeAsync(objective, space, DefinitionOf(settings, space), settings.IsRetryable).ConfigureAwait(false);
        throw new System.Diagnostics.UnreachableException();
    }

    /// <summary>A study that is asked and told is opened: in a worker never its own.</summary>
    public static EarlierStudy? Reach(StudyAddress study)
        => WorkerHost.Current is { } worker ? RecallAsync(worker, study).GetAwaiter().GetResult() : null;

    /// <summary>What the study is, a line each: where two processes disagree on one, their values do not compare.</summary>
    public static ImmutableArray<string> DefinitionOf(StudySettings settings, SearchSpace space) =>
    [
        GoalOf(settings).ToString(),
        string.Create(CultureInfo.InvariantCulture, $"seed {settings.Seed}"),
        $"evaluated by '{settings.Evaluation}'",
        // A space that the objective declares comes trial by trial.
        .. settings.Space is null
            ? ["space declared by the objective"]
            : space.Hyperparameters.Select(h => $"'{h.Name}' {SearchSpaceBuilder.Describe(h.Domain)}{(h.ActiveWhen is null ? "" : $" when {h.ActiveWhen}")}"),
        .. space.ConstraintNames.Select(name => $"constraint '{name}'"),
    ];

    private static Goal GoalOf(StudySettings settings) => settings.Goal ?? new Goal("loss", IsMaximized: false);

    private static async Task<EarlierStudy?> RecallAsync(WorkerHost worker, StudyAddress study)
    {
        var earlier = worker.Recall(study);
        // The parent reached the worker's study without waiting for this one; neither does this process.
        if (earlier.State == EarlierStudyState.Running) await Task.Delay(Timeout.Infinite).ConfigureAwait(false);
        return earlier.State == EarlierStudyState.Ended ? earlier : null;
    }
}
