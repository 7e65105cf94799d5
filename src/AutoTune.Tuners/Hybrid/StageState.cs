namespace AutoTune.Tuners.Hybrid;

/// <summary>How a stage stands.</summary>
/// <param name="Stage">Its number, from 0.</param>
/// <param name="Started">Trials of it that ended or are pending.</param>
/// <param name="SinceBest">Trials that ended since the later of its beginning and the study's last new best.</param>
/// <param name="StartedInAll">Trials of the study that ended or are pending.</param>
/// <param name="TrialLimit">After how many trials the study ends; null: no such limit.</param>
/// <param name="AreGradientsTold">Whether a trial has told a gradient.</param>
internal readonly record struct StageState(int Stage, int Started, int SinceBest, int StartedInAll, int? TrialLimit, bool AreGradientsTold);
