using System.Globalization;

namespace AutoTune.Scheduling;

/// <summary>Trains one trial by a schedule: pauses it where the configuration changes, and has it go on with the next.</summary>
internal sealed class ReplayScheduler(TrialSchedule schedule, int? steps) : IScheduler
{
    private Configuration? _first;

    public WorkOrder NextWork(StudyView study)
    {
        if (study.Trials.Count == 0) return new WorkOrder.StartTrial(BudgetAfter(0));
        var trial = study.Trials[0];
        if (trial.State != TrialState.Paused) return new WorkOrder.Hold();
        return new WorkOrder.ResumeTrial(trial.Id, BudgetAfter(trial.PausedAtStep), null, In(study.Space, schedule.At(trial.PausedAtStep + 1)), "the schedule changes here");
    }

    public Directive Judge(TrialReport report, StudyView study)
    {
        var next = schedule.At(report.Step + 1);
        return next.Equals(study[report.Trial].Configuration) || report.Step >= steps
            ? Directive.Continue
            : Directive.Pause(string.Create(CultureInfo.InvariantCulture, $"step {report.Step}: the schedule goes on with {next}"));
    }

    public void Observe(StudyEvent studyEvent) { }

    /// <summary>The step at which the configuration changes next, or the last one.</summary>
    private int? BudgetAfter(int step)
    {
        foreach (var segment in schedule.Segments)
        {
            if (segment.AfterStep > step && !(segment.AfterStep >= steps) && !segment.Configuration.Equals(schedule.At(segment.AfterStep))) return segment.AfterStep;
        }

        return steps;
    }

    private Configuration In(SearchSpace space, Configuration configuration)
    {
        if (_first is null && configuration.Space.DifferencesFrom(space) is { IsEmpty: false } differences)
        {
            throw new InvalidOperationException($"The schedule is one of another search space (first: the schedule's; second: this study's): {string.Join("; ", differences)}. "
                + "Use the space of the study that it comes from.");
        }

        _first ??= configuration;
        return configuration.In(space);
    }
}
