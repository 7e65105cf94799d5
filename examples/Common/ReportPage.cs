using System.Net;

namespace Examples;

/// <summary>Writes the pictures as SVG files and all together as one HTML page.</summary>
internal static class ReportPage
{
    public static string Write(string folder, string title, string summary, params (string File, string Svg)[] pictures)
    {
        foreach (var (file, svg) in pictures) File.WriteAllText(Path.Combine(folder, file), svg);
        var page = Path.Combine(folder, "report.html");
        File.WriteAllText(page, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>{WebUtility.HtmlEncode(title)}</title>
            <style>body {"{"} font-family: sans-serif; max-width: 800px; margin: 2em auto; color: #1f2430 {"}"} pre {"{"} background: #f4f5f8; padding: 1em; overflow-x: auto {"}"}</style></head>
            <body><h1>{WebUtility.HtmlEncode(title)}</h1>
            <pre>{WebUtility.HtmlEncode(summary)}</pre>
            {string.Join("\n", pictures.Select(picture => picture.Svg))}
            </body></html>

            """);
        return page;
    }
}
