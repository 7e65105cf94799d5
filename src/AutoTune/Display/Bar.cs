namespace AutoTune.Display;

/// <summary>A horizontal bar as Spectre's markup.</summary>
internal static class Bar
{
    /// <summary>The bar of a share of <paramref name="width"/> characters.</summary>
    public static string Markup(double share, int width, string colour, bool unicode)
    {
        var filled = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        var (full, empty) = unicode ? ('━', '─') : ('#', '-');
        return $"[{colour}]{new string(full, filled)}[/][grey23]{new string(empty, width - filled)}[/]";
    }
}
