using System.Runtime.ExceptionServices;
using AutoTune.Execution;

namespace AutoTune.Testing;

/// <summary>A trial in virtual time: its objective runs on a thread of its own, but only while the clock's driver waits for it.</summary>
/// <remarks>So one thread is at work at any moment, and the order of everything follows from the due times alone.</remarks>
internal sealed class SimulatedTrial : IReportSink, IDisposable
{
    private readonly TrialAssignment _assignment;
    private readonly IReportSink _reports;
    private readonly CancellationToken _cancellationToken;
    private readonly TaskCompletionSource<TrialOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;
    private readonly SemaphoreSlim _driverMayGoOn = new(0);
    private readonly SemaphoreSlim _trialMayGoOn = new(0);
    private volatile Task<TrialOutcome>? _ended; // what the objective came to; told when it is due
    private TrialReport? _report; // to be delivered when it is due
    private Directive _directive = Directive.Continue;
    private ExceptionDispatchInfo? _thrown;

    public SimulatedTrial(TrialAssignment assignment, IReportSink reports, CancellationToken cancellationToken)
    {
        _assignment = assignment;
        _reports = reports;
        _cancellationToken = cancellationToken;
        _registration = cancellationToken.Register(Cancel);
    }

    public TrialId Id => _assignment.Trial;

    public Task<TrialOutcome> Task => _outcome.Task;

    public bool IsStarted { get; private set; }

    /// <summary>When its next report, or its end without any, is due.</summary>
    public DateTimeOffset Due { get; private set; }

    /// <summary>Runs it up to its first report or its end.</summary>
    public void Start(InProcessExecutor executor, DateTimeOffset now, StepCost cost)
    {
        IsStarted = true;
        executor.ExecuteAsync(_assignment, this, _cancellationToken).ContinueWith(ended =>
        {
            _ended = ended;
            _driverMayGoOn.Release();
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _driverMayGoOn.Wait(CancellationToken.None);
        Due = now + cost(_assignment.Configuration, _report?.Step ?? 1);
    }

    /// <summary>Does what is due: delivers its report and runs it to the next one, or to its end.</summary>
    public void Proceed(StepCost cost)
    {
        if (_ended is null && _report is { } report)
        {
            _report = null;
            try
            {
                _directive = _reports.Report(report);
            }
            catch (Exception error)
            {
                _thrown = ExceptionDispatchInfo.Capture(error); // it belongs to the objective's call
            }

            if (Task.IsCompleted) return; // the report's taker cancelled it
            _trialMayGoOn.Release();
            _driverMayGoOn.Wait(CancellationToken.None);
            if (_report is { } next) Due += cost(_assignment.Configuration, next.Step);
        }

        if (_ended is null) return;
        if (_ended.IsCanceled) _outcome.TrySetCanceled(_cancellationToken);
        else if (_ended.Exception is { } error) _outcome.TrySetException(error.InnerExceptions);
        else _outcome.TrySetResult(_ended.Result);
    }

    public void Dispose()
    {
        Cancel();
        _registration.Dispose();
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

    double IReportSink.Declare(TrialId trial, HyperparameterDeclaration declaration) => _reports.Declare(trial, declaration);

    private void Cancel()
    {
        if (!_outcome.TrySetCanceled(_cancellationToken)) return;
        _directive = Directive.Stop("the trial was cancelled");
        _trialMayGoOn.Release(); // its thread may be in a report
    }
}
