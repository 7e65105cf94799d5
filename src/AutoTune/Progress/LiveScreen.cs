using Spectre.Console;

namespace AutoTune.Progress;

/// <summary>Redraws a panel four times a second, on a thread of its own: trials may keep every thread of the pool busy.</summary>
internal sealed class LiveScreen(IAnsiConsole console) : IProgressScreen
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // The terminal echoes ^C behind the panel; were that the last column, it would begin a line that the next redraw knows nothing of.
    private const int EchoOfCtrlC = 3;

    private readonly TaskCompletionSource _end = new();
    private Func<ProgressFrame>? _now;
    private Thread? _painter;

    public void Begin(Func<ProgressFrame> now)
    {
        _now = now;
        _painter = new Thread(Paint) { IsBackground = true, Name = "AutoTune progress" };
        _painter.Start();
    }

    public void OnFact(ProgressFrame frame) { }

    public void End()
    {
        _end.SetResult();
        _painter!.Join();
    }

    private void Paint()
    {
        // The live display hides the cursor; a process that is ended meanwhile must not leave it so.
        ConsoleCancelEventHandler onCancel = (_, _) => ShowCursor();
        EventHandler onExit = (_, _) => ShowCursor();
        Console.CancelKeyPress += onCancel;
        AppDomain.CurrentDomain.ProcessExit += onExit;
        try
        {
            console.Live(Panel()).AutoClear(true).Overflow(VerticalOverflow.Crop).Start(context =>
            {
                while (!_end.Task.Wait(Interval)) context.UpdateTarget(Panel());
            });
            // Written once more instead of left standing: the live display keeps the height of its tallest frame, and crops.
            console.Write(Panel());
        }
        catch (Exception)
        {
            // Another live display has the console, or the terminal is gone: the study goes on without an audience.
        }
        finally
        {
            Console.CancelKeyPress -= onCancel;
            AppDomain.CurrentDomain.ProcessExit -= onExit;
        }
    }

    private Spectre.Console.Rendering.IRenderable Panel()
        => ProgressPanel.Of(_now!(), console.Profile.Width - EchoOfCtrlC, console.Profile.Capabilities.Unicode);

    private void ShowCursor() => console.Cursor.Show();
}
