using Spectre.Console;

namespace AutoTune.Progress;

/// <summary>Which screen a study gets.</summary>
internal static class Screens
{
    private static int _live;

    /// <summary>Whether somebody is likely to look: a terminal that understands control sequences, not a file, a pipe or a build server.</summary>
    public static bool IsInteractive
        => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>Opens the screen when the study begins.</summary>
    public static Func<IProgressScreen> For(ProgressDisplay display) => () =>
    {
        if (display != ProgressDisplay.Live && !(display == ProgressDisplay.Automatic && IsInteractive)) return new LineScreen(Console.Out.WriteLine);
        // A console has room for one live display; a second study at the same time writes lines above it.
        return Interlocked.CompareExchange(ref _live, 1, 0) == 0
            ? new OnlyLive(new LiveScreen(AnsiConsole.Console))
            : new LineScreen(line => AnsiConsole.Console.WriteLine(Padded(line, AnsiConsole.Profile.Width)));
    };

    /// <summary>Fills its last row: the live display above which it is written does not clear what it was drawn on.</summary>
    internal static string Padded(string line, int width) => width < 1 ? line : line.PadRight((line.Length + width - 1) / width * width);

    /// <summary>Gives the place free again.</summary>
    private sealed class OnlyLive(LiveScreen screen) : IProgressScreen
    {
        public void Begin(Func<ProgressFrame> now) => screen.Begin(now);

        public void OnFact(ProgressFrame frame) => screen.OnFact(frame);

        public void End()
        {
            screen.End();
            Volatile.Write(ref _live, 0);
        }
    }
}
