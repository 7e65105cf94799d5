using System.Globalization;
using AutoTune.Execution;

namespace AutoTune.Testing;

/// <summary>A trial whose reports are fetched one by one, on the thread of the clock's driver.</summary>
internal sealed class SteppedTrial(TrialAssignment assignment, IReportSink reports, ISteppedObjective objective, CancellationToken cancellationToken)
    : SimulatedTrial(assignment, cancellationToken)
{
    private IEnumerator<(int Step, double Value)>? _steps;
    private TrialReport? _report; // to be delivered when it is due
    private TrialOutcome? _ended; // told when it is due
    private int _lastStep = assignment.ResumeAfterStep;
    private int? _stepBefore;
    private double _lastLoss = double.NaN;

    protected override int? RunToFirstReport() => Fetch();

    protected override int? RunToNextReport()
    {
        if (_report is { } report)
        {
            _ended = Deliver(report);
            if (Task.IsCompleted) return null; // the report's taker cancelled it
            if (_ended is null && Fetch() is { } step) return step;
        }

        _steps?.Dispose();
        End(_ended!);
        return null;
    }

    /// <summary>Delivers a report; gives how the trial ends by it, null if it goes on.</summary>
    private TrialOutcome? Deliver(TrialReport report)
    {
        try
        {
            var directive = reports.Report(report);
            return directive.Action switch
            {
                DirectiveAction.Pause => new TrialOutcome.Paused(report.Step, directive.Reason),
                DirectiveAction.Stop => new TrialOutcome.Stopped(report.Step, directive.Reason),
                _ => null,
            };
        }
        catch (Exception error)
        {
            return Failure(error); // as where the objective runs for itself: it would have thrown
        }
    }

    /// <summary>The next report, and its step; null if the trial ends here.</summary>
    private int? Fetch()
    {
        _report = null;
        try
        {
            _steps ??= objective.Steps(Assignment.Trial, Assignment.Configuration, Assignment.ResumeAfterStep, Assignment.Budget).GetEnumerator();
            if (_steps.MoveNext())
            {
                var (step, value) = _steps.Current;
                if (step > _lastStep && double.IsFinite(value))
                {
                    return Keep(step, Assignment.Goal.Flip(value));
                }

                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                    $"{Id}: {value} at step {step} after step {_lastStep}; values must be finite, and steps must grow."));
            }

            if (double.IsNaN(_lastLoss)) throw new InvalidOperationException($"{Id}: there was no report, and so there is no value; give one step at least.");
            if (Assignment.IsAtBudget(_lastStep, _stepBefore)) return Keep(Assignment.Budget!.Value, _lastLoss);
            _ended = new TrialOutcome.Completed(_lastLoss, new TrialValues(_lastLoss).Metrics);
        }
        catch (Exception error)
        {
            _ended = Failure(error);
        }

        return null;
    }

    private int Keep(int step, double loss)
    {
        (_stepBefore, _lastStep, _lastLoss) = (_lastStep > Assignment.ResumeAfterStep ? _lastStep : null, step, loss);
        _report = new TrialReport(Id, step, loss);
        return step;
    }

    private static TrialOutcome.Failed Failure(Exception error) => new(TrialError.Of(error), IsRetryable: false);
}
