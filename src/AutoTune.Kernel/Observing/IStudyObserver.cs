namespace AutoTune;

/// <summary>Watches a study: progress displays, logs, dashboards.</summary>
/// <remarks>
/// Called for each new fact, in order, one call at a time, under the study's lock: return quickly, and call nothing of the study. One that
/// throws is dropped, and the study says so once in its result. One that is <see cref="IDisposable"/> is disposed when the study closes, after
/// its last fact, outside the lock; an observer is therefore made for one study.
/// </remarks>
public interface IStudyObserver
{
    /// <summary>A fact, and the study as of it.</summary>
    void OnEvent(StudyEvent studyEvent, StudyView study);
}
