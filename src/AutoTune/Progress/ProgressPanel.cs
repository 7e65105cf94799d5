using AutoTune.Display;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AutoTune.Progress;

/// <summary>A frame as a panel.</summary>
internal static class ProgressPanel
{
    private const int MaxWidth = 100;
    private const int LabelWidth = 9;
    private const int MaxRunning = 4;
    private const int CurveHeight = 5;

    /// <summary>The panel for a console of this width.</summary>
    public static IRenderable Of(ProgressFrame frame, int width, bool unicode)
    {
        var study = frame.Study;
        width = Math.Clamp(width, 20, MaxWidth);
        var inner = width - 4;
        var rows = new List<IRenderable> { Way(frame, inner, unicode), new Markup(Times(frame)) };
        if (frame.Standing is { } standing) rows.Add(new Markup($"[grey]{Cut(standing, inner).EscapeMarkup()}[/]"));
        rows.AddRange([Text.Empty, Best(study, inner)]);
        if (BestCurve.Markup(study, inner, CurveHeight, unicode) is { Count: > 0 } curve)
        {
            rows.Add(Text.Empty);
            rows.AddRange(curve.Select(line => new Markup(line) { Overflow = Overflow.Crop }));
        }

        // Last, and there even while nothing runs: what is above does not jump when trials come and go.
        if (!frame.IsFinal) rows.AddRange([Text.Empty, Running(study, inner)]);

        return new Panel(new Rows(rows))
        {
            Header = new PanelHeader(Header(study, inner)),
            Border = unicode ? BoxBorder.Rounded : BoxBorder.Ascii,
            BorderStyle = new Style(Color.Grey42),
            Padding = new Padding(1, 0),
            Width = width,
        };
    }

    private static string Header(StudyView study, int inner)
    {
        var name = $" {study.Name} ";
        var goal = $"{study.Goal} ";
        if (name.Length > inner) name = name[..(inner - 1)];
        return $"[bold deepskyblue1]{name.EscapeMarkup()}[/]" + (name.Length + goal.Length < inner ? $"[grey]{goal.EscapeMarkup()}[/]" : "");
    }

    private static Rows Way(ProgressFrame frame, int inner, bool unicode)
    {
        var count = frame.Ended;
        var label = frame.TrialLimit is { } limit ? FormattableString.Invariant($"{count} of {Shown.Trials(limit)}") : Shown.Trials(count);
        if (frame.Done is not { } done) return new Rows(new Markup($"[bold]{label}[/]"));
        var bar = inner - label.Length - 1;
        var colour = done >= 1 ? "green3" : "deepskyblue1";
        return bar >= 12
            ? new Rows(new Markup($"{Bar.Markup(done, bar, colour, unicode)} [bold]{label}[/]"))
            : new Rows(new Markup(Bar.Markup(done, inner, colour, unicode)), new Markup($"[bold]{label}[/]"));
    }

    private static string Times(ProgressFrame frame)
    {
        var study = frame.Study;
        List<string> parts = [frame.IsFinal ? $"ended after {Shown.Time(frame.Elapsed)}" : $"{Shown.Time(frame.Elapsed)} elapsed"];
        if (!frame.IsFinal && frame.Left is { } left) parts.Add(left > TimeSpan.Zero ? $"about {Shown.Time(left)} left" : "ending");
        if (study.StoppedCount > 0) parts.Add($"[yellow]{study.StoppedCount} stopped early[/]");
        if (study.Paused.Count > 0) parts.Add($"[yellow]{study.Paused.Count} paused[/]");
        if (study.FailedCount > 0) parts.Add($"[red]{study.FailedCount} failed[/]");
        return $"[grey]{string.Join(", ", parts)}[/]";
    }

    private static Grid Best(StudyView study, int inner)
    {
        var grid = Labelled();
        if (study.Best is not { } best) return grid.AddRow(new Markup("best"), new Markup(study.CompletedCount > 0 ? "[grey]none meets the requirements yet[/]" : "[grey]none yet[/]"));
        return grid.AddRow(new Markup("best"), new Markup($"[bold green3]{Shown.Number(study.BestValue!.Value)}[/] [grey]in {best.Id}[/]"))
            .AddRow(Text.Empty, new Markup(Shown.Markup(best.Configuration, inner - LabelWidth)));
    }

    private static Grid Running(StudyView study, int inner)
    {
        var grid = Labelled();
        if (study.Running.IsEmpty) return grid.AddRow(new Markup("running"), new Markup("[grey]choosing the next[/]"));
        foreach (var id in study.Running.Take(MaxRunning))
        {
            var trial = study[id];
            var (value, step) = trial.LastReport is { } last ? ($" {Shown.Number(study.Goal.Flip(last.Loss))}", $" at step {last.Step}") : ("", "");
            var configuration = Cut($"  {Shown.Plain(trial.Configuration)}", inner - LabelWidth - id.ToString().Length - value.Length - step.Length);
            var text = $"[grey]{id}[/][deepskyblue1]{value}[/][grey]{step}{configuration.EscapeMarkup()}[/]";
            grid.AddRow(new Markup(id == study.Running[0] ? "running" : ""), new Markup(text));
        }

        if (study.Running.Count > MaxRunning) grid.AddRow(Text.Empty, new Markup($"[grey]and {study.Running.Count - MaxRunning} more[/]"));
        return grid;
    }

    private static Grid Labelled() => new Grid()
        .AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(0).Width(LabelWidth))
        .AddColumn(new GridColumn().PadLeft(0).PadRight(0));

    private static string Cut(string text, int width)
        => text.Length <= width ? text : width < "  x...".Length ? "" : text[..(width - "...".Length)] + "...";
}
