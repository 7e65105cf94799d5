namespace AutoTune.Scheduling;

/// <summary>A reason to stop a trial. Rules add up, and go beside any scheduler; their state is a fold of what they observed.</summary>
internal interface ITrialRule
{
    /// <summary>Why the trial that reports is to stop; null: it may go on.</summary>
    string? ReasonToStop(TrialReport report, StudyView study);

    /// <summary>Learns of a fact, in order.</summary>
    void Observe(StudyEvent studyEvent);
}
