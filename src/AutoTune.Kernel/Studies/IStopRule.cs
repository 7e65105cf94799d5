namespace AutoTune;

/// <summary>Decides when a study has had enough.</summary>
/// <remarks>Asked before each trial and after each that ends; trials that are still running are then interrupted.</remarks>
public interface IStopRule
{
    /// <summary>Why the study is to end; null to go on.</summary>
    /// <param name="study">The study as of now.</param>
    /// <param name="elapsed">The time since this run of the study began; earlier runs do not count.</param>
    string? ReasonToStop(StudyView study, TimeSpan elapsed);

    /// <summary>
    /// Whether it never ends a study of which no trial has completed. False, as by default: schedulers that pause trials then begin with a whole one, as under a time
    /// limit, so that the study has a result whenever it ends.
    /// </summary>
    bool NeedsResult => false;

    /// <summary>How far the study is from its end by this rule, in a few words for people; null, as by default: nothing to say.</summary>
    /// <remarks>Shown with the progress, and asked for at any time by another thread.</remarks>
    string? Standing => null;
}
