namespace AutoTune.Tuners.GaussianProcess;

/// <summary>A trial as the tuner remembers it.</summary>
/// <param name="Configuration">What was evaluated.</param>
/// <param name="Unit">Its point (d).</param>
/// <param name="Active">Which hyperparameters exist there (d).</param>
/// <param name="Loss">The loss, or the last report of a stopped trial; NaN if there is none.</param>
/// <param name="IsFinal">Whether the trial completed, so that the loss is one that the study could return.</param>
internal sealed record Observation(Configuration Configuration, double[] Unit, bool[] Active, double Loss, bool IsFinal)
{
    public static Observation Of(Trial trial, SpaceLayout layout)
    {
        var unit = new double[layout.Count];
        var active = new bool[layout.Count];
        layout.Encode(trial.Configuration, unit, active);
        var loss = trial.Outcome switch
        {
            TrialOutcome.Completed completed => completed.Loss,
            TrialOutcome.Stopped => trial.LastReport?.Loss ?? double.NaN,
            _ => double.NaN,
        };
        return new Observation(trial.Configuration, unit, active, double.IsFinite(loss) ? loss : double.NaN, trial.Outcome is TrialOutcome.Completed);
    }
}
