using System.Collections.Immutable;

namespace AutoTune.Scheduling;

/// <summary>A scheduler with rules: the first rule that has a reason stops the trial, otherwise the scheduler judges.</summary>
/// <param name="scheduler">The scheduler.</param>
/// <param name="rules">The rules.</param>
/// <param name="lastStep">
/// The last step of a whole trial, if that was said; null: unknown. There no rule looks: nothing is saved any more, and a trial that is stopped would
/// not give its value to the tuner.
/// </param>
internal sealed class RuledScheduler(IScheduler scheduler, ImmutableArray<ITrialRule> rules, int? lastStep = null) : IScheduler
{
    public WorkOrder NextWork(StudyView study) => scheduler.NextWork(study);

    public Directive Judge(TrialReport report, StudyView study)
    {
        foreach (var rule in report.Step >= lastStep ? [] : rules)
        {
            if (rule.ReasonToStop(report, study) is { } reason) return Directive.Stop(reason);
        }

        return scheduler.Judge(report, study);
    }

    public void Observe(StudyEvent studyEvent)
    {
        foreach (var rule in rules) rule.Observe(studyEvent);
        scheduler.Observe(studyEvent);
    }
}
