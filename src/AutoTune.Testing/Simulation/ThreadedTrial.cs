using System.Runtime.ExceptionServices;
using AutoTune.Execution;

namespace AutoTune.Testing;

/// <summary>A trial whose objective runs on a thread of its own, but only while the clock's driver waits for it.</summary>
/// <remarks>So one thread is at work at any moment, and the order of everything follows from the due times alone.</remarks>
internal sealed class ThreadedTrial(TrialAssignment assignment, IReportSink reports, InProcessExecutor executor, CancellationToken cancellationToken)
    : SimulatedTrial(assignment, cancellationToken), IReportSink
{
    private readonly SemaphoreSlim _driverMayGoOn = new(0);
    private readonly SemaphoreSlim _trialMayGoOn = new(0);
    private volatile Task<TrialOutcome>? _ended; // what the objective came to; told when it is due
    private TrialReport? _report; // to be delivered when it is due
    private Directive _directive = Directive.Continue;
    private ExceptionDispatchInfo? _thrown;

    protected override int? RunToFirstReport()
    {
        executor.ExecuteAsync(Assignment, this, CancellationToken).ContinueWith(ended =>
        {
            _ended = ended;
            _driverMayGoOn.Release();
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _driverMayGoOn.Wait(CancellationToken.None);
        return _report?.Step;
    }

    protected override int? RunToNextReport()
    {
        if (_ended is null && _report is { } report)
        {
            _report = null;
            try
            {
                _directive = reports.Report(report);
            }
            catch (Exception error)
            {
                _thrown = ExceptionDispatchInfo.Capture(error); // it belongs to the objective's call
            }

            if (Task.IsCompleted) return null; // the report's taker cancelled it
            _trialMayGoOn.Release();
            _driverMayGoOn.Wait(CancellationToken.None);
        }

        if (_ended is null) return _report?.Step;
        End(_ended);
        return null;
    }

    protected override void OnCancelled()
    {
        _directive = Directive.Stop("the trial was cancelled");
        _trialMayGoOn.Release(); // its thread may be in a report
    }

    Directive IReportSink.Report(TrialReport report)
    {
        if (Task.IsCompleted) return Directive.Stop("the trial was cancelled");
        _report = report;
        _driverMayGoOn.Release();
        _trialMayGoOn.Wait(CancellationToken.None);
        _thrown?.Throw();
        return _directive;
    }

    double IReportSink.Declare(TrialId trial, HyperparameterDeclaration declaration) => reports.Declare(trial, declaration);
}
