namespace AutoTune.Scheduling;

/// <summary>The scheduler that lets every trial run to its end.</summary>
internal sealed class RunToCompletion : IScheduler
{
    private static readonly WorkOrder Start = new WorkOrder.StartTrial();

    public WorkOrder NextWork(StudyView study) => Start;

    public Directive Judge(TrialReport report, StudyView study) => Directive.Continue;

    public void Observe(StudyEvent studyEvent) { }
}
