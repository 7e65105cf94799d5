using AutoTune.Tuners.Forecasts;
using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Trees;

/// <summary>What trees learn from: losses seen near (<see cref="LossWarp"/>), and above them by how much the others break requirements.</summary>
/// <remarks>
/// Trees have no model of the requirements, so the way to where they are met must be in the targets. Trials that break them lie between the
/// worst that meets them and the failures, even steps apart by their <see cref="Standing"/>: by rank, as violations have any scale. While
/// no trial with a loss meets them the violations themselves take the place of losses. Without broken requirements these are the targets of
/// <see cref="LossWarp"/> to the bit.
/// </remarks>
internal static class TreeTargets
{
    /// <summary>The targets of the first trials of a history (n), of these trials alone.</summary>
    public static double[] Of(TreeHistory history, int count)
    {
        var trials = PartialTrials.AtTheLastStep([.. history.Observations.Take(count)], history.Steps);
        var broken = Enumerable.Range(0, count).Where(history.IsBroken).ToArray();
        if (broken.Length == 0) return LossWarp.Targets(trials, LossView.Near);

        var meets = trials.Exists(trial => double.IsFinite(trial.Loss));
        if (!meets)
        {
            foreach (var i in broken) trials[i] = trials[i] with { Loss = history.Standings[i].Violation };
            return LossWarp.Targets(trials, LossView.Near);
        }

        // All that broke one is a failure here, at the top, and comes down from there.
        var targets = LossWarp.Targets(trials, LossView.Near);
        var worst = double.NegativeInfinity;
        for (var i = 0; i < count; i++)
        {
            if (double.IsFinite(trials[i].Loss)) worst = Math.Max(worst, targets[i]);
        }

        var violations = Array.ConvertAll(broken, i => history.Standings[i].Violation);
        Array.Sort(violations);
        foreach (var i in broken)
        {
            // Equal violations are an equal step up.
            var rank = Array.FindIndex(violations, violation => violation >= history.Standings[i].Violation) + 1.0;
            targets[i] = worst + (targets[i] - worst) * rank / (broken.Length + 1);
        }

        return targets;
    }
}
