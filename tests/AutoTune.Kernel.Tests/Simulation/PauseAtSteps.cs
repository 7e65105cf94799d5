using AutoTune.Scheduling;

namespace AutoTune.Kernel.Tests.Simulation;

/// <summary>Pauses every trial at one step, and goes on with the first when three are paused.</summary>
internal sealed class PauseAtSteps(int every) : IScheduler
{
    public WorkOrder NextWork(StudyView study) => study.Paused.Count >= 3 ? new WorkOrder.ResumeTrial(study.Paused[0]) : new WorkOrder.StartTrial();

    public Directive Judge(TrialReport report, StudyView study) => report.Step == every ? Directive.Pause("let others catch up") : Directive.Continue;

    public void Observe(StudyEvent studyEvent) { }
}
