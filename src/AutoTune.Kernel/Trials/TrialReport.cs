namespace AutoTune;

/// <summary>An intermediate result of a trial: a fold, an epoch, a larger sample.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Step">The step, counted from 1; steps grow within a trial.</param>
/// <param name="Loss">The loss at this step.</param>
public readonly record struct TrialReport(TrialId Trial, int Step, double Loss);
