namespace AutoTune.Studies;

/// <summary>Facts in another space, and the facts that a view would come from.</summary>
internal static class StudyFacts
{
    /// <summary>The same fact in a space that begins with its own one's hyperparameters.</summary>
    public static StudyEvent In(StudyEvent fact, SearchSpace space) => fact switch
    {
        TrialStarted e => e with { Configuration = e.Configuration.In(space) },
        TrialConfigured e => e with { Configuration = e.Configuration.In(space) },
        TrialResumed { Configuration: { } changed } e => e with { Configuration = changed.In(space) },
        _ => fact,
    };

    /// <summary>Facts that fold to a view: not those that it came from, but as good to whoever asks for the view.</summary>
    /// <param name="view">The study.</param>
    /// <param name="evaluation">What it was evaluated by.</param>
    /// <param name="isSpaceDeclared">Whether its objective declares the space: then it was created with none.</param>
    public static IReadOnlyList<StudyEvent> Of(StudyView view, string evaluation, bool isSpaceDeclared)
    {
        List<StudyEvent> facts =
        [
            new StudyCreated(view.Name, view.Seed, view.Goal, isSpaceDeclared ? SearchSpace.Empty : view.Space) { Evaluation = evaluation, Requirements = view.Requirements, Steps = view.Steps, At = view.CreatedAt },
            .. isSpaceDeclared ? view.Space.Hyperparameters.Select(declared => new HyperparameterDeclared(declared) { At = view.CreatedAt }) : [],
            .. view.Trials.SelectMany(BeforeTheEnd),
            // In the order of their ends, which decides among equals.
            .. view.Trials.Where(trial => trial.IsFinished).OrderBy(trial => trial.FinishedAt).ThenBy(trial => trial.Id)
                .Select(trial => new TrialFinished(trial.Id, trial.Outcome!) { At = trial.FinishedAt ?? default }),
        ];
        return [.. facts.Select((fact, i) => fact with { Sequence = i })];
    }

    private static IEnumerable<StudyEvent> BeforeTheEnd(Trial trial)
    {
        yield return new TrialStarted(trial.Id, trial.Schedule.Segments[0].Configuration, trial.Budget, trial.Tags, trial.Origin) { At = trial.StartedAt };
        // Of a schedule the steps and configurations; that others trained the first of them is lost here.
        foreach (var segment in trial.Schedule.Segments.Skip(1))
        {
            yield return new TrialPaused(trial.Id, segment.AfterStep, "");
            yield return new TrialResumed(trial.Id, trial.Budget, null, segment.Configuration, segment.Reason);
        }

        foreach (var error in trial.FailedAttempts)
        {
            yield return new TrialAttemptFailed(trial.Id, error);
            yield return new TrialRestarted(trial.Id);
        }

        foreach (var report in trial.Reports) yield return new TrialReported(report);
        if (trial.PausedAtStep > 0)
        {
            yield return new TrialPaused(trial.Id, trial.PausedAtStep, "");
            if (trial.State != TrialState.Paused) yield return new TrialResumed(trial.Id, trial.Budget, null);
        }

        if (trial.State is TrialState.Waiting or TrialState.Running) yield return new TrialInterrupted(trial.Id, "");
    }
}
