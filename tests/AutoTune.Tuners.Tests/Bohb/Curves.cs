using AutoTune.Tuners.Tests.GaussianProcess;

namespace AutoTune.Tuners.Tests.Bohb;

/// <summary>Objectives with steps, that keep to their budgets and go on where they stood.</summary>
internal static class Curves
{
    /// <summary>Falls to the squared distance from a point, in all trials alike.</summary>
    public static double Bowl(ITrialContext trial)
    {
        var last = double.NaN;
        for (var step = trial.ResumeAfterStep + 1; step <= trial.Budget!; step++)
        {
            last = Fixtures.Reals(trial.Configuration).Sum(x => (x - 0.3) * (x - 0.3)) + 1.0 / step - 1.0 / 27;
            if (!trial.Report(step, last).IsContinue) break;
        }

        return last;
    }
}
