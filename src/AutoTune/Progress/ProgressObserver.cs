namespace AutoTune.Progress;

/// <summary>Keeps the latest view of a study for a screen. Begins with the first fact, ends when the study closes.</summary>
/// <remarks>The builder is asked for its limits when the study begins: verbs may come in any order.</remarks>
internal sealed class ProgressObserver(StudyBuilder study, Func<IProgressScreen> open) : IStudyObserver, IDisposable
{
    private readonly Lock _lock = new();
    private IProgressScreen? _screen;
    private ProgressFrame? _latest;
    private long _start;
    private bool _isClosed;

    public void OnEvent(StudyEvent studyEvent, StudyView view)
    {
        lock (_lock)
        {
            if (_isClosed) return;
            if (_screen is null)
            {
                _start = study.Time.GetTimestamp();
                // A fact that ends a trial can be the first of a resumed run only if that trial was orphaned: it belongs to the run before.
                _latest = new ProgressFrame(view, study.TrialLimit, study.TimeLimit, TimeSpan.Zero, ProgressFrame.EndedIn(view), IsFinal: false);
                _screen = open();
                _screen.Begin(Now);
            }

            Volatile.Write(ref _latest, _latest! with { Study = view });
            _screen.OnFact(Now());
        }
    }

    public void Dispose()
    {
        IProgressScreen? screen;
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
            screen = _screen;
            if (_latest is not null) Volatile.Write(ref _latest, Now() with { IsFinal = true });
        }

        screen?.End();
    }

    private ProgressFrame Now()
    {
        var latest = Volatile.Read(ref _latest)!;
        return latest.IsFinal ? latest : latest with { Elapsed = study.Time.GetElapsedTime(_start), Standing = Standing() };
    }

    private string? Standing()
    {
        var said = study.StopRules.Select(rule => rule.Standing).OfType<string>().ToList();
        return said.Count > 0 ? string.Join("; ", said) : null;
    }
}
