using AutoTune.Kernel.Tests.Studies;

namespace AutoTune.Kernel.Tests.Scheduling;

/// <summary>Objectives that keep to their budgets and go on where they stood.</summary>
internal static class Schedulable
{
    /// <summary>A curve whose order at every step is that of the end.</summary>
    public static double Curve(ITrialContext trial) => Run(trial, step => Toy.Value(trial) + 1.0 / step);

    /// <summary>Reports these losses up to the budget, or to the end.</summary>
    public static double Run(ITrialContext trial, Func<int, double> loss, int whole = 27)
    {
        var last = double.NaN;
        for (var step = trial.ResumeAfterStep + 1; step <= (trial.Budget ?? whole); step++)
        {
            last = loss(step);
            if (!trial.Report(step, last).IsContinue) break;
        }

        return last;
    }
}
