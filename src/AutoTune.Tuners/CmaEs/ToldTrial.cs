namespace AutoTune.Tuners.CmaEs;

/// <summary>A finished trial of the present generation.</summary>
/// <param name="Point">Its ordered coordinates; where one does not exist, or has bins and was sampled, what was drawn (n).</param>
/// <param name="Active">Which of them exist (n).</param>
/// <param name="Levels">The value number of each choice; -1 where it does not exist.</param>
/// <param name="Loss">The loss, or the last report of a stopped trial; NaN if there is none.</param>
internal sealed record ToldTrial(double[] Point, bool[] Active, int[] Levels, double Loss)
{
    public static double LossOf(Trial trial)
    {
        var loss = trial.Outcome switch
        {
            TrialOutcome.Completed completed => completed.Loss,
            TrialOutcome.Stopped => trial.LastReport?.Loss ?? double.NaN,
            _ => double.NaN,
        };
        return double.IsFinite(loss) ? loss : double.NaN;
    }
}
