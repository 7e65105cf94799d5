namespace AutoTune.Tuners.GaussianProcess;

/// <summary>When a study ends, as far as its tuner may know.</summary>
/// <param name="Time">After what time a run of it ends; null: no such limit.</param>
/// <param name="Trials">After how many trials it ends; null: no such limit.</param>
internal readonly record struct StudyLimits(TimeSpan? Time, int? Trials);
