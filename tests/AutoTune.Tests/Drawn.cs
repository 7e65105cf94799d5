using Spectre.Console;
using Spectre.Console.Rendering;

namespace AutoTune.Tests;

/// <summary>What a console of some width would show, without colours unless asked for.</summary>
internal static class Drawn
{
    public static string[] Lines(IRenderable renderable, int width, bool unicode = true) => Text(renderable, width, unicode).TrimEnd('\n').Split('\n');

    public static string Text(IRenderable renderable, int width, bool unicode = true, bool ansi = false)
    {
        var (console, text) = Console(width, unicode, ansi);
        console.Write(renderable);
        return text.ToString().ReplaceLineEndings("\n");
    }

    public static (IAnsiConsole Console, StringWriter Text) Console(int width, bool unicode = true, bool ansi = false)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ansi ? ColorSystemSupport.TrueColor : ColorSystemSupport.NoColors,
            Interactive = ansi ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = unicode;
        return (console, text);
    }
}
