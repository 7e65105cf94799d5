using AutoTune.Execution;
using AutoTune.Journals;
using AutoTune.Scheduling;
using AutoTune.Tuning;

namespace AutoTune.Studies;

/// <summary>The only writer of a study: gives facts their number and time, keeps them, folds them, and shows them to scheduler and observers.</summary>
/// <remarks>Thread-safe: one lock, held for a fold and an append, never for a tuner's thinking.</remarks>
internal sealed class StudyLedger(IJournal journal, IScheduler scheduler, IEnumerable<IStudyObserver> observers, TimeProvider time) : IReportSink
{
    private readonly Lock _lock = new();
    private readonly List<IStudyObserver> _observers = [.. observers];
    private readonly List<IDisposable> _disposables = [.. observers.OfType<IDisposable>()]; // those that are dropped, too
    private readonly List<string> _warnings = [];
    private readonly List<TrialId> _finished = [];
    private readonly List<TrialStarted> _started = [];
    private readonly Dictionary<TrialId, long> _copied = [];
    private readonly Dictionary<TrialId, SortedDictionary<int, double>> _declared = [];
    private StudyView _view = StudyView.Empty;
    private TaskCompletionSource? _change;
    private bool _isClosed;

    /// <summary>The study as of now.</summary>
    public StudyView View => Volatile.Read(ref _view);

    /// <summary>Why the journal could no longer be written; the study is then kept in memory alone, and ends.</summary>
    public Exception? JournalError { get; private set; }

    /// <summary>Whether the objective declares the space.</summary>
    public bool AllowsDeclarations { get; init; }

    /// <summary>Done at the next fact.</summary>
    public Task Change
    {
        get
        {
            lock (_lock) return (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_lock) return [.. _warnings];
        }
    }

    /// <summary>The trials that have ended in a view, in the order in which they did, from number <paramref name="from"/> on. Others may have ended since.</summary>
    public IReadOnlyList<TrialId> FinishedSince(int from, StudyView view)
    {
        lock (_lock) return _finished[from..view.FinishedCount];
    }

    /// <summary>How the trials of a view from number <paramref name="from"/> on were started: what a scheduler makes of a trial later is another matter.</summary>
    public IReadOnlyList<TrialStarted> StartedSince(int from, StudyView view)
    {
        lock (_lock) return _started[from..view.Trials.Count];
    }

    /// <summary>How a trial was started.</summary>
    public TrialStarted StartOf(TrialId trial)
    {
        lock (_lock) return _started[trial.Number];
    }

    /// <summary>The number of the fact by which a trial last went on from another's checkpoint; -1 if none did.</summary>
    public long LastCopyOf(TrialId trial)
    {
        lock (_lock) return _copied.GetValueOrDefault(trial, -1);
    }

    /// <summary>Takes a fact that the journal already has.</summary>
    public void Replay(StudyEvent studyEvent)
    {
        lock (_lock) Fold(studyEvent);
    }

    /// <summary>Records a fact. A running trial may have declared more since it was thought of: it is recorded in the space as it is now.</summary>
    public void Record(StudyEvent studyEvent)
    {
        lock (_lock)
        {
            if (_isClosed) return;
            var inSpace = AllowsDeclarations ? StudyFacts.In(studyEvent, _view.Space) : studyEvent;
            var numbered = inSpace with { Sequence = _view.EventCount, At = time.GetUtcNow() };
            Append(numbered);
            Fold(numbered);
            Show(numbered);
            _change?.TrySetResult();
            _change = null;
        }
    }

    /// <summary>What the scheduler orders, and the space that it was shown.</summary>
    /// <param name="canStart">Whether a trial can be started.</param>
    public (WorkOrder Order, SearchSpace Space) NextWork(bool canStart)
    {
        lock (_lock)
        {
            var space = _view.Space;
            return (scheduler.NextWork(canStart ? _view : _view with { CanStart = false }), space);
        }
    }

    public Directive Report(TrialReport report)
    {
        lock (_lock)
        {
            // A trial that was left behind, or whose study has ended, is told so and leaves no trace.
            if (_isClosed || _view[report.Trial].State != TrialState.Running) return Directive.Stop("the study has ended");
            Record(new TrialReported(report));
            return scheduler.Judge(report, _view);
        }
    }

    public double Declare(TrialId trial, HyperparameterDeclaration declaration)
    {
        lock (_lock)
        {
            if (_isClosed || _view[trial].State != TrialState.Running) throw new OperationCanceledException("The study has ended.");
            var space = _view.Space;
            var known = space.Hyperparameters.FirstOrDefault(h => h.Name == declaration.Name);
            if (known is not null && !known.Domain.Equals(declaration.Domain))
            {
                throw new SearchSpaceException("", [$"Hyperparameter '{known.Name}' was declared before with {SearchSpaceBuilder.Describe(known.Domain)}, "
                    + $"now with {SearchSpaceBuilder.Describe(declaration.Domain)}; ranges and choices are fixed within a study: use another name, or another study."]);
            }

            if (known is null)
            {
                if (!AllowsDeclarations)
                {
                    throw new SearchSpaceException("", [$"Hyperparameter '{declaration.Name}' is not in the space of this study "
                        + $"({string.Join(", ", space.Hyperparameters.Select(h => h.Name))}); add it there, or leave WithSearchSpace out and declare all in the objective."]);
                }

                known = declaration.At(space.Hyperparameters.Length);
                Record(new HyperparameterDeclared(known));
            }

            if (!_declared.TryGetValue(trial, out var read)) _declared[trial] = read = [];
            if (!read.TryGetValue(known.Index, out var code))
            {
                code = _view[trial].Configuration.Codes[known.Index];
                // What the tuner did not know of: drawn from the trial's own randomness, so that a later attempt draws it again.
                if (double.IsNaN(code)) code = known.Domain.FromUnit(TrialRandom(trial).Fork("declared").Fork(known.Name).NextDouble());
                read[known.Index] = code;
            }

            return code;
        }
    }

    /// <summary>The values that an attempt has read of a space declared in the objective, which are then forgotten; null if it declared none.</summary>
    public Configuration? TakeReadBy(TrialId trial)
    {
        lock (_lock)
        {
            if (!AllowsDeclarations || !_declared.Remove(trial, out var read)) return null;
            return new Configuration(_view.Space, _view.Space.Fill(h => read.TryGetValue(h.Index, out var code) ? code : double.NaN));
        }
    }

    /// <summary>The configuration of a trial with the values that it has read so far of a space declared in the objective; null if it has read none.</summary>
    public Configuration? ReadSoFarBy(TrialId trial)
    {
        lock (_lock)
        {
            if (!AllowsDeclarations || !_declared.TryGetValue(trial, out var read)) return null;
            var codes = _view[trial].Configuration.Codes.ToArray();
            foreach (var (index, code) in read) codes[index] = code;
            return new Configuration(_view.Space, codes);
        }
    }

    /// <summary>The trial's own randomness.</summary>
    public RandomSource TrialRandom(TrialId trial) => new RandomSource(View.Seed).Fork("trial", trial.Number);

    /// <summary>Warns; in the place of an earlier warning, if that is given.</summary>
    public void Warn(string warning, string? insteadOf = null)
    {
        lock (_lock)
        {
            var place = insteadOf is null ? -1 : _warnings.IndexOf(insteadOf);
            if (place < 0) _warnings.Add(warning);
            else _warnings[place] = warning;
        }
    }

    /// <summary>Lets go of the journal, then of the observers; later reports are answered with a stop and leave no trace.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
            journal.Dispose();
        }

        // Outside the lock: a display may take a while for its last frame.
        foreach (var observer in _disposables)
        {
            try
            {
                observer.Dispose();
            }
            catch (Exception error)
            {
                Warn($"Observer {observer.GetType().Name} threw when it was disposed: {error.Message}");
            }
        }
    }

    private void Append(StudyEvent studyEvent)
    {
        if (JournalError is not null) return;
        try
        {
            journal.Append(studyEvent);
        }
        catch (Exception error)
        {
            JournalError = error;
            _warnings.Add($"The journal could not be written from fact {studyEvent.Sequence} on; later facts are in memory only: {error.Message}");
        }
    }

    private void Fold(StudyEvent studyEvent)
    {
        Volatile.Write(ref _view, _view.Apply(studyEvent));
        switch (studyEvent)
        {
            case TrialStarted started:
                _started.Add(started);
                break;
            case TrialResumed resumed:
                if (resumed.From is not null) _copied[resumed.Trial] = resumed.Sequence;
                if (resumed.Configuration is not null) _declared.Remove(resumed.Trial); // what it read was that of another configuration
                break;
            case TrialFinished finished:
                _finished.Add(finished.Trial);
                break;
        }

        scheduler.Observe(studyEvent);
    }

    private void Show(StudyEvent studyEvent)
    {
        for (var i = 0; i < _observers.Count; i++)
        {
            try
            {
                _observers[i].OnEvent(studyEvent, _view);
            }
            catch (Exception error)
            {
                _warnings.Add($"Observer {_observers[i].GetType().Name} threw and was dropped: {error.Message}");
                _observers.RemoveAt(i--);
            }
        }
    }
}
