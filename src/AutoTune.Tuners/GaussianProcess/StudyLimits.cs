namespace AutoTune.Tuners.GaussianProcess;

/// <summary>When a study ends, and what the steps of its trials are, as far as its tuner may know.</summary>
/// <param name="Time">After what time a run of it ends; null: no such limit.</param>
/// <param name="Trials">After how many trials it ends; null: no such limit.</param>
/// <param name="Steps">What the steps are; null: that was not said.</param>
internal readonly record struct StudyLimits(TimeSpan? Time, int? Trials, TrialSteps? Steps = null)
{
    public static StudyLimits Of(StudyBuilder study) => new(study.TimeLimit, study.TrialLimit, study.Steps);
}
