using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace AutoTune.Execution;

/// <summary>This process as a worker: takes trials from its parent, evaluates them one at a time, and ends when its parent does.</summary>
/// <remarks>Thread-safe.</remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "There is one, as long as the process lives.")]
internal sealed class WorkerHost : IReportSink
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TimeToExit = TimeSpan.FromSeconds(1.5);

    private static readonly Lazy<WorkerHost?> ThisProcess = new(() => WorkerLink.Take() is { } link ? new WorkerHost(link) : null);

    private readonly Lock _asking = new();
    private readonly BlockingCollection<WorkerMessage> _answers = [];
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly Stream _error = Console.OpenStandardError();
    private readonly WorkerLink _link;
    private readonly MessagePipe _pipe;
    private readonly PosixSignalRegistration _interrupt;
    private InProcessExecutor? _executor;
    private SearchSpace _space = SearchSpace.Empty;
    private Func<Exception, bool> _isRetryable = _ => false;
    private volatile RunningTrial? _running;

    private WorkerHost(WorkerLink link)
    {
        _link = link;
        _pipe = Connect(link);
        // Ctrl-C goes to every process of the terminal; only the parent decides what it means.
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        new Thread(Listen) { IsBackground = true, Name = "AutoTune worker" }.Start();
        new Thread(ShowLife) { IsBackground = true, Name = "AutoTune sign of life" }.Start();
    }

    /// <summary>This process as a worker; null if it is none.</summary>
    /// <exception cref="WorkerProcessException">It was started as a worker, but not by a study.</exception>
    public static WorkerHost? Current => ThisProcess.Value;

    /// <summary>The study that this worker is for.</summary>
    public StudyAddress Target => _link.Target;

    /// <summary>Its number among the study's workers.</summary>
    public int Number => _link.Number;

    /// <summary>How a study went that comes before <see cref="Target"/>.</summary>
    public EarlierStudy Recall(StudyAddress study) => ((WorkerMessage.Recalled)Ask(new WorkerMessage.Recall(study))).Study;

    /// <summary>Evaluates trials until the parent has no more, which is the end of this process: never returns.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="space">The space as this process knows it.</param>
    /// <param name="definition">What is to agree with the parent, a line each.</param>
    /// <param name="isRetryable">Which exceptions may pass: they do not leave the process, their texts do.</param>
    public Task ServeAsync(IObjective objective, SearchSpace space, ImmutableArray<string> definition, Func<Exception, bool> isRetryable)
    {
        (_space, _isRetryable) = (space, isRetryable);
        _executor = new InProcessExecutor(objective, 1);
        Send(new WorkerMessage.Hello(definition, space.Hyperparameters.Length));
        return Task.Delay(Timeout.Infinite);
    }

    public Directive Report(TrialReport report) => ((WorkerMessage.Directed)Ask(new WorkerMessage.Reported(report))).Directive;

    public double Declare(TrialId trial, HyperparameterDeclaration declaration) => ((WorkerMessage.Declared)Ask(new WorkerMessage.Declares(declaration))).Code;

    private static MessagePipe Connect(WorkerLink link)
    {
        try
        {
            var input = new AnonymousPipeClientStream(PipeDirection.In, link.Input);
            var output = new AnonymousPipeClientStream(PipeDirection.Out, link.Output);
            NativeProcess.KeepFromChildren(input.SafePipeHandle);
            NativeProcess.KeepFromChildren(output.SafePipeHandle);
            return new MessagePipe(input, output);
        }
        catch (Exception error) when (error is ArgumentException or IOException)
        {
            throw new WorkerProcessException(
                $"This process is to be a worker of {link.Target}, but the pipes to process {link.Parent} are not there ({error.Message}); start the program that runs the study directly, not through another one.", error);
        }
    }

    private WorkerMessage Ask(WorkerMessage question)
    {
        lock (_asking)
        {
            Send(question);
            var answer = _answers.Take();
            if (answer is not WorkerMessage.Refused refused) return answer;
            if (!refused.SpaceProblems.IsEmpty) throw new SearchSpaceException("", refused.SpaceProblems);
            throw refused.HasEnded ? new OperationCanceledException(refused.Message) : new InvalidOperationException(refused.Message);
        }
    }

    private void Send(WorkerMessage message)
    {
        try
        {
            _pipe.Write(message);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            NativeProcess.EndThis(); // the parent is gone
        }
    }

    private void Listen()
    {
        try
        {
            while (_pipe.Read() is { } message) On(message);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            Console.Error.WriteLine($"The pipe from the study's process broke: {error.Message}");
        }

        EndProcess();
    }

    private void On(WorkerMessage message)
    {
        switch (message)
        {
            case WorkerMessage.Evaluate evaluate:
                foreach (var declaration in evaluate.NewHyperparameters) _space = _space.With(declaration.At(_space.Hyperparameters.Length));
                var assignment = new TrialAssignment(evaluate.Trial, new Configuration(_space, [.. evaluate.Codes]), evaluate.Goal, evaluate.Budget, evaluate.ResumeAfterStep,
                    evaluate.Seed, evaluate.ArtifactDirectory) { ArtifactLimit = evaluate.ArtifactLimit };
                var cancellation = new CancellationTokenSource();
                _running = new RunningTrial(evaluate.Trial, cancellation);
                _ = EvaluateAsync(assignment, cancellation);
                break;
            case WorkerMessage.Cancel cancel:
                // Not on this thread: what is registered on the token may take its time, or report.
                if (_running is { } running && running.Trial == cancel.Trial) _ = running.Cancellation.CancelAsync();
                break;
            default:
                _answers.Add(message);
                break;
        }
    }

    private async Task EvaluateAsync(TrialAssignment assignment, CancellationTokenSource cancellation)
    {
        WorkerMessage end;
        try
        {
            end = EndOf(await _executor!.ExecuteAsync(assignment, this, cancellation.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            end = new WorkerMessage.Cancelled();
        }

        WorkerConsoleMark.Write(_output, _error);
        _running = null;
        Send(end);
    }

    private WorkerMessage.Ended EndOf(TrialOutcome outcome)
    {
        if (outcome is not TrialOutcome.Failed { Exception: { } exception } failed) return new WorkerMessage.Ended(outcome, []);
        return new WorkerMessage.Ended(failed with { IsRetryable = failed.IsRetryable || _isRetryable(exception) }, (exception as SearchSpaceException)?.Problems ?? []);
    }

    private void ShowLife()
    {
        // A program in between, such as a script, is the parent then: nothing can be told from it.
        var watchesParent = NativeProcess.ParentId() == _link.Parent;
        using var never = new ManualResetEvent(false);
        while (!never.WaitOne(SignOfLife))
        {
            if (watchesParent && NativeProcess.ParentId() != _link.Parent) NativeProcess.EndThis();
            Send(new WorkerMessage.Alive());
        }
    }

    private void EndProcess()
    {
        if (_running is null)
        {
            // In order, so that what the program does at its exit is done; but not for long.
            new Thread(() => Environment.Exit(0)) { IsBackground = true }.Start();
            using var never = new ManualResetEvent(false);
            never.WaitOne(TimeToExit);
        }

        NativeProcess.EndThis();
    }

    private sealed record RunningTrial(TrialId Trial, CancellationTokenSource Cancellation);
}
