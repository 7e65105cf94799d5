using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;

namespace AutoTune.Execution;

/// <summary>A worker process as its parent sees it: started, given one trial after the other, ended.</summary>
internal sealed class Worker
{
    /// <summary>One at a time in this process: a worker that starts meanwhile would inherit the other's ends of the pipes, and hold them open.</summary>
    private static readonly Lock Starting = new();
    private static readonly TimeSpan TimeToExit = TimeSpan.FromSeconds(2);

    private readonly WorkerPlan _plan;
    private readonly TimeProvider _time;
    private readonly Process _process;
    private readonly MessagePipe _pipe;
    private readonly string _program;
    private readonly long _start;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _listened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunningTrial? _trial;
    private StudyAddress? _waitsFor;
    private int _knownHyperparameters;
    private long _lastSign;
    private volatile bool _isEnded; // by this process
    private volatile bool _isAnswering; // while this side thinks, nothing is read

    private Worker(WorkerPlan plan, TimeProvider time, Process process, MessagePipe pipe, string program)
    {
        (_plan, _time, _process, _pipe, _program) = (plan, time, process, pipe, program);
        _start = _lastSign = time.GetTimestamp();
        process.StandardInput.Close(); // the terminal is the parent's
        Console = new WorkerConsole(process.StandardOutput.BaseStream, process.StandardError.BaseStream);
        new Thread(Listen) { IsBackground = true, Name = "AutoTune worker's pipe" }.Start();
        _ = FollowAsync();
    }

    /// <summary>Its number: the lowest that none of the study's workers had when it was started.</summary>
    public required int Number { get; init; }

    /// <summary>What it writes.</summary>
    public WorkerConsole Console { get; }

    /// <summary>Done when the process has ended.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Whether it can be given a trial.</summary>
    public bool IsUsable => !_listened.Task.IsCompleted && !_gone.Task.IsCompleted;

    /// <summary>How many trials it was given.</summary>
    public int TrialCount { get; private set; }

    /// <summary>How long nothing has been heard of it.</summary>
    public TimeSpan Silence => _isAnswering ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _lastSign));

    /// <summary>Its resident memory in bytes.</summary>
    public long Memory => NativeProcess.ResidentMemory(_process);

    /// <summary>How it ended, for a message; of use once it is <see cref="Gone"/>.</summary>
    public string End { get; private set; } = "";

    /// <exception cref="WorkerProcessException">The program cannot be started.</exception>
    public static Worker Start(WorkerPlan plan, int number, TimeProvider time)
    {
        var start = WorkerProgram.Describe(plan.Options);
        lock (Starting)
        {
            var output = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
            var input = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
            try
            {
                new WorkerLink(plan.Study, output.GetClientHandleAsString(), input.GetClientHandleAsString(), Environment.ProcessId, number).AddTo(start.Environment);
                var process = Process.Start(start)!;
                output.DisposeLocalCopyOfClientHandle();
                input.DisposeLocalCopyOfClientHandle();
                return new Worker(plan, time, process, new MessagePipe(input, output), WorkerProgram.NameOf(start)) { Number = number };
            }
            catch (Exception error) when (error is Win32Exception or InvalidOperationException or IOException)
            {
                output.Dispose();
                input.Dispose();
                throw WorkerProgram.CannotStart($"'{WorkerProgram.NameOf(start)}' cannot be run ({error.Message.TrimEnd('.')}).", error);
            }
        }
    }

    /// <summary>Whether something killed it that is not this process; of use once it is <see cref="Gone"/>.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>Waits until it has reached the study.</summary>
    /// <exception cref="WorkerProcessException">It does not.</exception>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        if (!_ready.Task.IsCompleted)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var left = _plan.Options.StartTimeLimit - _time.GetElapsedTime(_start);
            await Task.WhenAny(_ready.Task, _gone.Task, Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, end.Token)).ConfigureAwait(false);
            await end.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (_ready.Task.IsCompleted)
        {
            await _ready.Task.ConfigureAwait(false);
            return;
        }

        var start = $"'{_program}' was started as a worker, but";
        if (_gone.Task.IsCompleted) throw WorkerProgram.CannotStart($"{start} ended with {End} before it reached {_plan.Study}.", wrote: Console.Tail);
        var limit = FormattableString.Invariant($"{_plan.Options.StartTimeLimit.TotalSeconds:G6} s");
        var waits = _waitsFor is { } study ? $" It waits for {study}, which this process still runs." : "";
        var error = WorkerProgram.CannotStart($"{start} has not reached {_plan.Study} after {limit}.{waits}", wrote: Console.Tail);
        Kill();
        throw error;
    }

    /// <summary>Gives it a trial.</summary>
    public RunningTrial Give(TrialAssignment assignment, IReportSink reports)
    {
        TrialCount++;
        var trial = new RunningTrial(assignment.Trial, reports);
        Volatile.Write(ref _trial, trial);
        var directory = Path.GetFullPath(assignment.ArtifactDirectory);
        Console.Begin(Path.Combine(directory, ConsoleLog.FileName));
        var hyperparameters = assignment.Configuration.Space.Hyperparameters;
        var fresh = hyperparameters.Skip(_knownHyperparameters).Select(h => new HyperparameterDeclaration(h.Name, h.Domain, h.DefaultCode)).ToImmutableArray();
        _knownHyperparameters += fresh.Length;
        Volatile.Write(ref _lastSign, _time.GetTimestamp());
        Send(new WorkerMessage.Evaluate(assignment.Trial, fresh, [.. assignment.Configuration.Codes], assignment.Goal, assignment.Budget, assignment.ResumeAfterStep,
            assignment.Seed, directory, assignment.ArtifactLimit));
        return trial;
    }

    /// <summary>Cancels the trial's token in the worker.</summary>
    public void Cancel(TrialId trial) => Send(new WorkerMessage.Cancel(trial));

    /// <summary>Ends the process, and those that it started, at once.</summary>
    public void Kill()
    {
        _isEnded = true;
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended already.
        }
    }

    /// <summary>Lets the process end in order; ends it if it takes too long.</summary>
    public async Task EndAsync()
    {
        if (!_ready.Task.IsCompleted) Kill(); // somewhere in its beginning, where it does not listen
        _pipe.CloseWriting();
        await Task.WhenAny(_gone.Task, Task.Delay(TimeToExit, _time)).ConfigureAwait(false);
        if (!_gone.Task.IsCompleted) Kill();
        await _gone.Task.ConfigureAwait(false);
    }

    private void Listen()
    {
        try
        {
            while (_pipe.Read() is { } message)
            {
                _isAnswering = true;
                On(message);
                Volatile.Write(ref _lastSign, _time.GetTimestamp());
                _isAnswering = false;
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException or ObjectDisposedException)
        {
            // A worker that cannot be understood is of no use; it is ended like one that has closed its pipe.
        }

        _listened.TrySetResult();
    }

    private void On(WorkerMessage message)
    {
        switch (message)
        {
            case WorkerMessage.Hello hello:
                _waitsFor = null;
                _knownHyperparameters = hello.Hyperparameters;
                if (_plan.DifferenceFrom(hello.Definition) is { } difference) _ready.TrySetException(new WorkerProcessException($"The worker process reached another {_plan.Study}: {difference}"));
                else _ready.TrySetResult();
                break;
            case WorkerMessage.Recall recall:
                var earlier = _plan.Recall(recall.Study);
                if (earlier.State == EarlierStudyState.Running) _waitsFor = recall.Study;
                Send(new WorkerMessage.Recalled(earlier));
                break;
            case WorkerMessage.Reported reported:
                Answer(trial => new WorkerMessage.Directed(trial.Reports.Report(reported.Report)));
                break;
            case WorkerMessage.Declares declares:
                Answer(trial => new WorkerMessage.Declared(trial.Reports.Declare(trial.Id, declares.Declaration)));
                break;
            case WorkerMessage.Ended or WorkerMessage.Cancelled:
                Volatile.Read(ref _trial)?.SetEnd(message);
                break;
        }
    }

    private void Answer(Func<RunningTrial, WorkerMessage> answer)
    {
        WorkerMessage message;
        try
        {
            message = answer(Volatile.Read(ref _trial)!);
        }
        catch (Exception error)
        {
            message = new WorkerMessage.Refused(error.Message, error is OperationCanceledException, (error as SearchSpaceException)?.Problems ?? []);
        }

        Send(message);
    }

    private void Send(WorkerMessage message)
    {
        try
        {
            _pipe.Write(message);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It has ended, which is seen elsewhere.
        }
    }

    /// <summary>Sees the process to its end, however it comes.</summary>
    private async Task FollowAsync()
    {
        var exited = _process.WaitForExitAsync();
        await Task.WhenAny(exited, _listened.Task).ConfigureAwait(false);
        if (!exited.IsCompleted)
        {
            await Task.WhenAny(exited, Task.Delay(TimeToExit, _time)).ConfigureAwait(false);
            if (!exited.IsCompleted) Kill();
            await exited.ConfigureAwait(false);
        }

        // What it said last may still be in the pipe. Not for long: processes that it started may hold the pipe open.
        await Task.WhenAny(_listened.Task, Task.Delay(TimeToExit, _time)).ConfigureAwait(false);
        await Console.EndWithProcessAsync(_time).ConfigureAwait(false);
        WasKilled = !_isEnded && NativeProcess.WasKilled(_process.ExitCode);
        End = NativeProcess.DescribeExit(_process.ExitCode);
        _gone.TrySetResult();
        _pipe.Dispose();
        _process.Dispose();
    }
}
