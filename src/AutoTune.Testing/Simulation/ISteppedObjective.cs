using AutoTune.Execution;

namespace AutoTune.Testing;

/// <summary>An objective that need not be run to know what it would report: recorded or made-up learning curves.</summary>
/// <remarks>
/// In virtual time it is played on the study's own thread, which spares a switch of threads for each report: a million reports take seconds.
/// Any other executor runs it as the objective that it is, with the same journal.
/// </remarks>
public interface ISteppedObjective : IObjective
{
    /// <summary>What a trial reports, one step after the other, as a value of the goal's metric; the last is its value.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="configuration">What it evaluates.</param>
    /// <param name="afterStep">The step after which it goes on; 0 for a fresh trial.</param>
    /// <param name="budget">How many steps it may use in all; null: no limit.</param>
    /// <returns>At least one report. They are fetched one at a time, and no more of them once the trial is to pause or stop.</returns>
    IEnumerable<(int Step, double Value)> Steps(TrialId trial, Configuration configuration, int afterStep, int? budget);

    /// <inheritdoc/>
    ValueTask<TrialValues> IObjective.EvaluateAsync(ITrialContext trial, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var last = double.NaN;
        foreach (var (step, value) in Steps(trial.Id, trial.Configuration, trial.ResumeAfterStep, trial.Budget))
        {
            last = value;
            if (!trial.Report(step, value).IsContinue) break;
        }

        return new(new TrialValues(last));
    }
}
