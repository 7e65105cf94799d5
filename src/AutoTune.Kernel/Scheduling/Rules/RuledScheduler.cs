using System.Collections.Immutable;

namespace AutoTune.Scheduling;

/// <summary>A scheduler with rules: the first rule that has a reason stops the trial, otherwise the scheduler judges.</summary>
internal sealed class RuledScheduler(IScheduler scheduler, ImmutableArray<ITrialRule> rules) : IScheduler
{
    public WorkOrder NextWork(StudyView study) => scheduler.NextWork(study);

    public Directive Judge(TrialReport report, StudyView study)
    {
        foreach (var rule in rules)
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
