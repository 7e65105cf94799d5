using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Reporting;

/// <summary>The tables that say who wins.</summary>
internal static class Summary
{
    /// <summary>Mean rank and mean of the median regrets, at each horizon, the best first.</summary>
    public static string Ranking(Standings standings, ImmutableArray<Problem> problems, ImmutableArray<int> horizons)
    {
        var contestants = standings.Complete(problems);
        var ranks = new double[contestants.Length, horizons.Length];
        var regrets = new double[contestants.Length, horizons.Length];
        for (var h = 0; h < horizons.Length; h++)
        {
            foreach (var problem in problems)
            {
                var medians = contestants.Select(contestant => Standings.Regret(contestant, problem, horizons[h]).Median).ToArray();
                var places = Ranks.Of(medians);
                for (var c = 0; c < contestants.Length; c++)
                {
                    ranks[c, h] += places[c] / problems.Length;
                    regrets[c, h] += medians[c] / problems.Length;
                }
            }
        }

        var table = new TextTable(["", .. horizons.Select((trials, h) => $"{(h == 0 ? "|rank " : "")}@{trials}"),
            .. horizons.Select((trials, h) => $"{(h == 0 ? "|regret % " : "")}@{trials}"), "|runs a problem", "s a run"]);
        foreach (var c in Enumerable.Range(0, contestants.Length).OrderBy(c => Enumerable.Range(0, horizons.Length).Sum(h => ranks[c, h])))
        {
            var runs = problems.SelectMany(problem => contestants[c].Runs[problem.Name]).ToArray();
            table.Add([Name(contestants[c]), .. horizons.Select((_, h) => Number(ranks[c, h], "0.00")), .. horizons.Select((trials, h) => $"{Percent(regrets[c, h])} ±{Percent(Uncertainty.OfMeanRegret(contestants[c], problems, trials)),5}"),
                Number((double)runs.Length / problems.Length, "0.#"), Number(runs.Average(run => run.Seconds), "0.00")]);
        }

        return table.ToString();
    }

    /// <summary>One of ours against everybody: on how many problems its median is lower, equal, higher. Peers with few problems too.</summary>
    public static string Duels(Standings standings, Contestant ours, ImmutableArray<int> horizons)
    {
        var table = new TextTable(["", "problems", .. horizons.Select((trials, h) => $"{(h == 0 ? "|better-equal-worse " : "")}@{trials}"),
            .. horizons.Select((trials, h) => $"{(h == 0 ? "|regret % ours/theirs " : "")}@{trials}")]);
        foreach (var other in standings.Contestants.Where(other => other != ours))
        {
            var common = standings.Problems.Where(problem => other.Runs.Contains(problem.Name)).ToArray();
            if (common.Length == 0) continue;
            var pairs = horizons.Select(trials => common.Select(problem =>
                (Ours: Standings.Regret(ours, problem, trials).Median, Theirs: Standings.Regret(other, problem, trials).Median)).ToArray()).ToArray();
            table.Add([Name(other), Number(common.Length, "0"), .. pairs.Select(Balance),
                .. pairs.Select(pair => $"{Percent(pair.Average(p => p.Ours))} /{Percent(pair.Average(p => p.Theirs)),6}")]);
        }

        return table.ToString();
    }

    /// <summary>How long ours think.</summary>
    public static string Thinking(Standings standings)
    {
        var table = new TextTable("ms per ask", "|median", "95 %", "longest", "|s a run", "longest", "|trials at random");
        foreach (var contestant in standings.Contestants.Where(contestant => contestant.IsOurs))
        {
            var runs = contestant.Runs.SelectMany(group => group).ToArray();
            var asks = runs.SelectMany(run => run.AskMilliseconds).Order().ToArray();
            if (asks.Length == 0) continue;
            table.Add(contestant.Name, Number(Quartiles.Quantile(asks, 0.5), "0.00"), Number(Quartiles.Quantile(asks, 0.95), "0.00"), Number(asks[^1], "0"),
                Number(runs.Average(run => run.Seconds), "0.00"), Number(runs.Max(run => run.Seconds), "0.00"), Number(runs.Sum(run => run.Fallbacks), "0"));
        }

        return table.ToString();
    }

    /// <summary>Ours stand out.</summary>
    public static string Name(Contestant contestant) => (contestant.IsOurs ? "> " : "  ") + contestant.Name;

    /// <summary>A share in per cent, with the digits that tell small ones apart.</summary>
    public static string Percent(double share)
        => Number(100 * share, Math.Abs(share) switch { >= 0.0995 => "0.0", >= 0.00995 => "0.00", _ => "0.000" });

    private static string Number(double value, string format)
        => double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture) is var text && text.Trim('-', '0', '.').Length == 0 ? text.TrimStart('-') : text;

    private static string Balance((double Ours, double Theirs)[] pairs)
    {
        var equal = pairs.Count(pair => Ranks.IsTie(pair.Ours, pair.Theirs));
        var better = pairs.Count(pair => pair.Ours < pair.Theirs && !Ranks.IsTie(pair.Ours, pair.Theirs));
        return string.Create(CultureInfo.InvariantCulture, $"{better}-{equal}-{pairs.Length - better - equal}");
    }
}
