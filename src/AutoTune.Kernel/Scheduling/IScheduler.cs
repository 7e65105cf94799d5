using System.Collections.Immutable;

namespace AutoTune.Scheduling;

/// <summary>Decides how much each trial may use: which starts, which goes on, which is halted or stopped.</summary>
/// <remarks>
/// It never sees a tuner, and its state is a fold of what <see cref="Observe"/> was given, so that replay restores it. The study calls it
/// under one lock; <see cref="Judge"/> holds up the trial that reports and must be quick. Where the study knows how many steps a whole trial has, a trial that may go on at
/// the end of a smaller budget is stopped if a new one would be given more: an earlier scheduler began it.
/// </remarks>
public interface IScheduler
{
    /// <summary>What a free slot is to do. It changes nothing, and may be asked more often than work is taken.</summary>
    WorkOrder NextWork(StudyView study);

    /// <summary>What the reporting trial is to do. The report is already part of <paramref name="study"/>.</summary>
    Directive Judge(TrialReport report, StudyView study);

    /// <summary>Learns of a fact, in order; also of every old one when a study is opened again.</summary>
    void Observe(StudyEvent studyEvent);
}

/// <summary>A scheduler's order for a free slot: <see cref="StartTrial"/>, <see cref="ResumeTrial"/> or <see cref="Hold"/>.</summary>
public abstract record WorkOrder
{
    private WorkOrder() { }

    /// <summary>Ask the tuner for a new trial.</summary>
    /// <param name="Budget">How many steps it may use; null: no limit.</param>
    /// <param name="Tags">Notes for the tuner and to keep with the trial; null: none.</param>
    public sealed record StartTrial(int? Budget = null, ImmutableSortedDictionary<string, string>? Tags = null) : WorkOrder;

    /// <summary>Go on with a paused trial.</summary>
    /// <param name="Trial">The trial.</param>
    /// <param name="Budget">How many steps it may use in all; null: no limit.</param>
    /// <param name="From">
    /// The trial whose checkpoint it is to start from; null: its own. One that is paused or has ended after a report, since its files are copied; the
    /// trial then stands at that one's last step.
    /// </param>
    /// <param name="Configuration">What it goes on with, of the study's space and within its constraints; null: what it had. See <see cref="Trial.Schedule"/>.</param>
    /// <param name="Reason">Why from there, and why with that, for people; kept with the trial's schedule.</param>
    public sealed record ResumeTrial(TrialId Trial, int? Budget = null, TrialId? From = null, Configuration? Configuration = null, string Reason = "") : WorkOrder;

    /// <summary>Nothing until a running trial reports or ends. With nothing running, the study ends.</summary>
    public sealed record Hold : WorkOrder;
}

/// <summary>Makes a scheduler for a study.</summary>
/// <param name="random">Randomness for the whole study.</param>
public delegate IScheduler SchedulerFactory(RandomSource random);
