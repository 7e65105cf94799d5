using AutoTune.Scheduling;

namespace AutoTune.Faults;

/// <summary>Pauses every trial once, after its second step, and lets the first go on when three wait.</summary>
internal sealed class PauseOnce(int trials) : IScheduler
{
    private const int AtStep = 2, Waiting = 3;

    public WorkOrder NextWork(StudyView study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var allStarted = study.Trials.Count >= trials;
        return study.Paused.Count >= (allStarted ? 1 : Waiting)
            ? new WorkOrder.ResumeTrial(study.Paused[0])
            : new WorkOrder.StartTrial();
    }

    public Directive Judge(TrialReport report, StudyView study)
        => report.Step == AtStep && study[report.Trial].PausedAtStep == 0 ? Directive.Pause("to let others begin") : Directive.Continue;

    public void Observe(StudyEvent studyEvent) { }
}
