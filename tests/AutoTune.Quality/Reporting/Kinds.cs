using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Reporting;

/// <summary>Which tuner for which kind of problem: regret by the kind of space.</summary>
internal static class Kinds
{
    /// <summary>The kind of a problem, by what its space is made of.</summary>
    public static string Of(Problem problem)
    {
        var kinds = problem.Hyperparameters.Select(hyperparameter => hyperparameter.Kind).ToHashSet();
        return problem.Hyperparameters.Any(hyperparameter => hyperparameter.Parent is not null) ? "branches"
            : kinds.SetEquals([ValueKind.Categorical]) ? "choices"
            : kinds.Contains(ValueKind.Ordinal) ? "grids"
            : kinds.Contains(ValueKind.Categorical) ? "mixed"
            : problem.IsFunction ? "functions"
            : "numbers";
    }

    /// <summary>The mean over the problems of each kind of our medians, the best overall first; the best of a column has a star.</summary>
    public static string Table(Standings standings, ImmutableArray<int> horizons)
    {
        var kinds = standings.Problems.GroupBy(Of).OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key, StringComparer.Ordinal).ToArray();
        var columns = kinds.SelectMany(kind => horizons.Select(trials => (Problems: kind.ToArray(), Trials: trials))).ToArray();
        var rows = standings.Contestants.Where(contestant => contestant.IsOurs)
            .Select(contestant => (Who: contestant, Regrets: columns.Select(column => column.Problems.Average(problem => Standings.Regret(contestant, problem, column.Trials).Median)).ToArray())).ToArray();
        var best = columns.Select((_, i) => rows.Length == 0 ? double.NaN : rows.Min(row => row.Regrets[i])).ToArray();
        var table = new TextTable(["regret %", .. kinds.SelectMany(kind => horizons.Select((trials, h) => h == 0 ? string.Create(CultureInfo.InvariantCulture, $"|{kind.Key} ({kind.Count()}) @{trials}") : string.Create(CultureInfo.InvariantCulture, $"@{trials}")))]);
        foreach (var (who, regrets) in rows.OrderBy(row => row.Regrets.Select((regret, i) => Math.Log(Math.Max(regret, 1e-4) / Math.Max(best[i], 1e-4))).Sum()))
            table.Add([who.Name, .. regrets.Select((regret, i) => (Ranks.IsTie(regret, best[i]) ? "*" : "") + Summary.Percent(regret))]);
        return table.ToString();
    }
}
