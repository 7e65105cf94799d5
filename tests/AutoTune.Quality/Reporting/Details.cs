using System.Collections.Immutable;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Reporting;

/// <summary>The tables that say where.</summary>
internal static class Details
{
    /// <summary>The median regret of everybody on every problem after some trials: a row a problem; the best of a row has a star.</summary>
    public static string Matrix(Standings standings, int trials)
    {
        var contestants = standings.Complete(standings.Problems);
        // Ours are read against the strongest peers: those stand next to them.
        var ordered = contestants.OrderByDescending(c => c.IsOurs)
            .ThenBy(c => standings.Problems.Sum(problem => RankOf(c, problem))).ToArray();
        var table = new TextTable([$"median regret % @{trials}", .. ordered.Select((c, i) => i > 0 && !c.IsOurs && ordered[i - 1].IsOurs ? "|" + c.Name : c.Name)]);
        foreach (var problem in standings.Problems)
        {
            var medians = ordered.Select(contestant => Standings.Regret(contestant, problem, trials).Median).ToArray();
            table.Add([problem.Name, .. medians.Select(median => (Ranks.IsTie(median, medians.Min()) ? "*" : "") + Summary.Percent(median))]);
        }

        return table.ToString();

        double RankOf(Contestant contestant, Problem problem)
        {
            var medians = contestants.Select(c => Standings.Regret(c, problem, trials).Median).ToArray();
            return Ranks.Of(medians)[contestants.IndexOf(contestant)];
        }
    }

    /// <summary>Where one of ours is beaten by a peer that has runs on every problem; what is not beaten is left empty.</summary>
    public static string Behind(Standings standings, Contestant ours, ImmutableArray<int> horizons)
    {
        var peers = standings.Complete(standings.Problems).Where(contestant => !contestant.IsOurs).ToArray();
        if (peers.Length == 0) return "No peer has runs of these seeds on every problem." + Environment.NewLine;
        var table = new TextTable(["regret %", .. horizons.SelectMany(trials => new[] { $"|@{trials}", "peer's", "who" })]);
        foreach (var problem in standings.Problems)
        {
            var cells = horizons.SelectMany(trials =>
            {
                var mine = Standings.Regret(ours, problem, trials).Median;
                var (least, best) = peers.Select(peer => (Standings.Regret(peer, problem, trials).Median, peer)).MinBy(entry => entry.Median);
                return best is null || mine <= least || Ranks.IsTie(mine, least)
                    ? new[] { "", "", "" }
                    : [Summary.Percent(mine), Summary.Percent(least), best.Name];
            }).ToArray();
            if (cells.Any(cell => cell.Length > 0)) table.Add([problem.Name, .. cells]);
        }

        return table.ToString();
    }

    /// <summary>Median and quartiles on one problem, the best first.</summary>
    public static string Quartered(Standings standings, Problem problem, ImmutableArray<int> horizons)
    {
        var table = new TextTable([problem.Name, "runs", .. horizons.SelectMany(trials => new[] { $"|@{trials}", "quartiles" })]);
        foreach (var contestant in standings.Contestants.Where(c => c.Runs.Contains(problem.Name)).OrderBy(c => Standings.Regret(c, problem, horizons[^1]).Median))
        {
            var regrets = horizons.Select(trials => Standings.Regret(contestant, problem, trials));
            table.Add([Summary.Name(contestant), contestant.Runs[problem.Name].Count().ToString(System.Globalization.CultureInfo.InvariantCulture),
                .. regrets.SelectMany(r => new[] { Summary.Percent(r.Median), $"{Summary.Percent(r.Lower)} ..{Summary.Percent(r.Upper),6}" })]);
        }

        return table.ToString();
    }
}
