using AutoTune.Display;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AutoTune.Results;

/// <summary>A result as tables.</summary>
internal static class ResultReport
{
    private const int MaxWidth = 100;
    private const int MaxBar = 24;
    private const int Leaders = 5;

    /// <summary>The report for a console of this width.</summary>
    public static IRenderable Of(StudyResult result, int width, bool unicode)
    {
        width = Math.Clamp(width, 20, MaxWidth);
        var view = result.View;
        var rows = new List<IRenderable>
        {
            Text.Empty,
            new Markup($"[bold]{view.Name.EscapeMarkup()}[/] [grey]{view.Goal.ToString().EscapeMarkup()}[/]"),
            result.HasBest
                ? new Markup($"[bold green3]{Shown.Number(result.BestValue)}[/] [grey]in {result.Best.Id}; {Count(view)}; {Ending(result)}[/]")
                : new Markup($"[yellow]{(view.CompletedCount > 0 ? "no trial meets the requirements" : "no value")}[/][grey]; {Count(view)}; {Ending(result)}[/]"),
        };
        if (result.HasBest)
        {
            rows.Add(Configuration(result, width, unicode));
            if (view.CompletedCount > 1) rows.Add(Leaderboard(view, width, unicode));
            rows.AddRange(EarlyEnds.Reasons(view).Select(reason => new Markup($"[grey]{reason.EscapeMarkup()}[/]")));
            if (Finders(view) is { } finders) rows.Add(new Markup($"[grey]New bests: {finders.EscapeMarkup()}[/]"));
        }

        rows.AddRange(result.Warnings.Select(warning => new Markup($"[yellow]Warning: {warning.EscapeMarkup()}[/]")));
        return new Rows(rows);
    }

    private static string Ending(StudyResult result) => result.StopReason.Length > 0 ? $"ended because {result.StopReason.EscapeMarkup()}" : "it goes on";

    private static string Count(StudyView view)
    {
        List<string> parts = [$"{Shown.Trials(view.CompletedCount)} completed"];
        if (EarlyEnds.Summary(view) is { } ends) parts.Add(ends);
        if (view.FailedCount > 0) parts.Add($"{view.FailedCount} failed");
        return string.Join(", ", parts);
    }

    /// <summary>The best configuration, the most important hyperparameter first.</summary>
    private static Table Configuration(StudyResult result, int width, bool unicode)
    {
        var importance = result.View.Importance();
        var values = result.BestConfiguration.Values;
        var table = NewTable(unicode).AddColumn("[grey]hyperparameter[/]").AddColumn("[grey]best[/]");
        if (importance.IsEmpty)
        {
            foreach (var value in values) table.AddRow(Name(value), Text(value));
            return table;
        }

        var bar = Math.Clamp(width / 4, 6, MaxBar);
        table.AddColumn(new TableColumn("[grey]importance[/]").NoWrap());
        var shares = importance.ToDictionary(item => item.Hyperparameter.Index, item => item.Share);
        foreach (var value in values.OrderByDescending(value => shares[value.Hyperparameter.Index]))
        {
            var share = shares[value.Hyperparameter.Index];
            table.AddRow(Name(value), Text(value), FormattableString.Invariant($"{Bar.Markup(share, bar, "deepskyblue1", unicode)} {100 * share,3:0} %"));
        }

        return table;

        static string Name(HyperparameterValue value) => value.Hyperparameter.Name.EscapeMarkup();
        static string Text(HyperparameterValue value) => $"[bold]{Shown.Value(value).EscapeMarkup()}[/]";
    }

    private static Table Leaderboard(StudyView view, int width, bool unicode)
    {
        var table = NewTable(unicode)
            .AddColumn(new TableColumn("[grey]trial[/]").RightAligned().NoWrap())
            .AddColumn(new TableColumn($"[grey]{view.Goal.Metric.EscapeMarkup()}[/]").RightAligned().NoWrap())
            .AddColumn("[grey]configuration[/]");
        var leaders = view.Trials.Where(trial => trial.Loss is not null && trial.MeetsRequirements).OrderBy(trial => trial.Loss).ThenBy(trial => trial.Id).Take(Leaders).ToList();
        var values = leaders.Max(leader => Shown.Number(view.Goal.Flip(leader.Loss!.Value)).Length);
        var room = width - "trial".Length - Math.Max(values, view.Goal.Metric.Length) - 10; // ten for borders and their padding
        foreach (var leader in leaders)
        {
            var colour = leader.Id == view.Best!.Id ? "bold green3" : "default";
            table.AddRow(FormattableString.Invariant($"{leader.Id.Number}"), $"[{colour}]{Shown.Number(view.Goal.Flip(leader.Loss!.Value))}[/]", Shown.Markup(leader.Configuration, room));
        }

        return table;
    }

    /// <summary>Who found what, where several proposed; null otherwise.</summary>
    private static string? Finders(StudyView view)
    {
        var found = new Dictionary<string, (int Bests, int Trials)>();
        var best = double.PositiveInfinity;
        foreach (var trial in view.Trials)
        {
            var isBest = trial.Loss is { } loss && trial.MeetsRequirements && loss < best;
            if (isBest) best = trial.Loss!.Value;
            var (bests, trials) = found.GetValueOrDefault(trial.Origin);
            found[trial.Origin] = (bests + (isBest ? 1 : 0), trials + 1);
        }

        if (found.Count < 2) return null;
        return string.Join(", ", found.OrderByDescending(finder => finder.Value.Trials).ThenBy(finder => finder.Key, StringComparer.Ordinal)
            .Select(finder => $"{finder.Key} {finder.Value.Bests} in {Shown.Trials(finder.Value.Trials)}"));
    }

    private static Table NewTable(bool unicode) => new()
    {
        Border = unicode ? TableBorder.Rounded : TableBorder.Ascii,
        BorderStyle = new Style(Color.Grey42),
    };
}
