using AutoTune.Execution;

namespace AutoTune.Testing;

/// <summary>A trial in virtual time: what it does next, and when that is due. One thread at a time is at work in all of them together.</summary>
internal abstract class SimulatedTrial : IDisposable
{
    private readonly TaskCompletionSource<TrialOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;

    protected SimulatedTrial(TrialAssignment assignment, CancellationToken cancellationToken)
    {
        Assignment = assignment;
        CancellationToken = cancellationToken;
        _registration = cancellationToken.Register(Cancel);
    }

    public TrialId Id => Assignment.Trial;

    public Task<TrialOutcome> Task => _outcome.Task;

    public bool IsStarted { get; private set; }

    /// <summary>When its next report, or its end without any, is due.</summary>
    public DateTimeOffset Due { get; private set; }

    protected TrialAssignment Assignment { get; }

    protected CancellationToken CancellationToken { get; }

    /// <summary>Runs it up to its first report or its end.</summary>
    public void Start(DateTimeOffset now, StepCost cost)
    {
        IsStarted = true;
        var step = RunToFirstReport();
        Due = now + cost(Assignment.Configuration, step ?? 1);
    }

    /// <summary>Does what is due: delivers its report and runs it to the next one, or to its end.</summary>
    public void Proceed(StepCost cost)
    {
        if (RunToNextReport() is { } step) Due += cost(Assignment.Configuration, step);
    }

    public void Dispose()
    {
        Cancel();
        _registration.Dispose();
    }

    /// <summary>The step of its first report; null if it ends without any.</summary>
    protected abstract int? RunToFirstReport();

    /// <summary>Delivers the report that is due, if there is one.</summary>
    /// <returns>The step of the next report; null if it has ended, and its outcome is told.</returns>
    protected abstract int? RunToNextReport();

    /// <summary>The trial was cancelled, and that was told.</summary>
    protected virtual void OnCancelled() { }

    protected void End(TrialOutcome outcome) => _outcome.TrySetResult(outcome);

    protected void End(Task<TrialOutcome> ended)
    {
        if (ended.IsCanceled) _outcome.TrySetCanceled(CancellationToken);
        else if (ended.Exception is { } error) _outcome.TrySetException(error.InnerExceptions);
        else _outcome.TrySetResult(ended.Result);
    }

    private void Cancel()
    {
        if (_outcome.TrySetCanceled(CancellationToken)) OnCancelled();
    }
}
