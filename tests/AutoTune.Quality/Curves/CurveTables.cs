using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Quality.Problems;
using AutoTune.Quality.Reporting;
using AutoTune.Quality.Simulating;

namespace AutoTune.Quality.Curves;

/// <summary>The tables of simulated studies.</summary>
internal static class CurveTables
{
    /// <summary>The regret after a number of full trainings' worth of steps, or of hours: a row a method, the mean over problems of the medians; the least at the last first.</summary>
    public static string Regrets(IEnumerable<Entrant> entrants, IReadOnlyCollection<Problem> problems, Rule rule, Axis axis, ImmutableArray<double> horizons)
    {
        var rows = entrants.Select(entrant => (Entrant: entrant, Regrets: horizons.Select(spent => Field.Mean(entrant, problems, rule, axis, spent)).ToArray())).ToArray();
        var least = horizons.Select((_, h) => rows.Select(row => row.Regrets[h]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min()).ToArray();
        var table = new TextTable(["", .. horizons.Select(spent => "@" + Text(spent, "0.##")), "|studies"]);
        foreach (var (entrant, regrets) in rows.OrderBy(row => Order(row.Regrets)).ThenBy(row => row.Regrets.FirstOrDefault(double.IsFinite)))
        {
            table.Add([Name(entrant), .. regrets.Select((regret, h) => (Ranks.IsTie(regret, least[h]) ? "*" : "") + Percent(regret)),
                Text(problems.Sum(problem => entrant.Runs[problem.Name].Count()), "0")]);
        }

        return table.ToString();

        double Order(double[] regrets) => regrets.LastOrDefault(double.IsFinite, double.PositiveInfinity);
    }

    /// <summary>How many full trainings' worth of steps it takes to reach for good what another method reaches at the end: a row a method, a column a problem.</summary>
    public static string Reaching(IEnumerable<Entrant> entrants, Entrant target, IReadOnlyCollection<Problem> problems, Rule rule, double budget)
    {
        var table = new TextTable(["", .. problems.Select(problem => problem.Name), "|most", "median"]);
        foreach (var entrant in entrants)
        {
            var reached = problems.Select(problem => Reached(entrant, problem, rule, target.Regret(problem, rule, Axis.Trainings, budget).Median, budget)).ToArray();
            table.Add([Name(entrant), .. reached.Append(reached.Max()).Append(Quartiles.Of(reached).Median).Select(spent => double.IsFinite(spent) ? Text(spent, "0.0") : "never")]);
        }

        return table.ToString();
    }

    /// <summary>Each method against its tuner without a scheduler: on how many problems its median is lower, equal, higher, and where it is worst behind.</summary>
    public static string AgainstNone(IEnumerable<Entrant> entrants, IReadOnlyCollection<Problem> problems, Rule rule, ImmutableArray<double> horizons)
    {
        var all = entrants.ToArray();
        var table = new TextTable(["better-equal-worse", .. horizons.Select(spent => "@" + Text(spent, "0.##")), "|worst behind", "at", "on"]);
        foreach (var entrant in all.Where(entrant => entrant.IsOurs && entrant.Scheduler != "none"))
        {
            if (all.FirstOrDefault(other => other.IsOurs && other.Tuner == entrant.Tuner && other.Slots == entrant.Slots && other.Scheduler == "none") is not { } none) continue;
            var cells = new List<string>();
            var worst = (Behind: 0.0, At: 0.0, On: "");
            foreach (var spent in horizons)
            {
                var (better, equal, worse) = (0, 0, 0);
                foreach (var problem in problems)
                {
                    var (mine, theirs) = (entrant.Regret(problem, rule, Axis.Trainings, spent).Median, none.Regret(problem, rule, Axis.Trainings, spent).Median);
                    if (Ranks.IsTie(mine, theirs)) equal++;
                    else if (mine < theirs) better++;
                    else worse++;
                    if (mine - theirs > worst.Behind) worst = (mine - theirs, spent, problem.Name);
                }

                cells.Add(string.Create(CultureInfo.InvariantCulture, $"{better}-{equal}-{worse}"));
            }

            table.Add([Name(entrant), .. cells, .. worst.On.Length == 0 ? ["", "", ""] : new[] { Percent(worst.Behind), Text(worst.At, "0.##"), worst.On }]);
        }

        return table.ToString();
    }

    /// <summary>What the budget went into: trials by the depth that they reached, and how busy the slots were.</summary>
    public static string Spending(IEnumerable<Entrant> entrants, IReadOnlyCollection<Problem> problems)
    {
        double[] depths = [1.0 / 27, 1.0 / 9, 1.0 / 3];
        var table = new TextTable(["a study", "trials", "completed", "stopped", "|spent", "of it below 1/27", "to 1/9", "to 1/3", "to 1", "|hours", "busy %", "least", "|s", "|faults"]);
        foreach (var entrant in entrants.Where(entrant => entrant.IsOurs))
        {
            var runs = problems.SelectMany(problem => entrant.Runs[problem.Name].Select(run => (Run: run, Ladder: Ladder.Of(problem)!))).Where(entry => entry.Run.Reports.Length > 0).ToArray();
            if (runs.Length == 0) continue;
            var shares = new double[depths.Length + 1];
            foreach (var (run, ladder) in runs)
            {
                for (var step = 1; step <= run.Reports.Length; step++)
                {
                    var rung = depths.Count(depth => (double)step / run.Full > depth + 1e-9);
                    shares[rung] += run.Reports[step - 1] * ladder.CostOf(step) / Math.Max(1, run.Spent) / runs.Length;
                }
            }

            table.Add([Name(entrant), Mean(run => run.Trials, "0"), Mean(run => run.Finished, "0"), Mean(run => run.Stopped, "0"),
                Mean(run => run.Spent / run.Full, "0.0"), .. shares.Select(share => Text(100 * share, "0") + " %"),
                Mean(run => run.Hours, "0.00"), Mean(run => 100 * run.Busy, "0.0"), Text(runs.Min(entry => 100 * entry.Run.Busy), "0.0"), Mean(run => run.Seconds, "0.00"), Faults()]);

            string Mean(Func<SimulationRecord, double> figure, string format) => Text(runs.Average(entry => figure(entry.Run)), format);

            string Faults() => string.Join(", ", new[]
            {
                (runs.Sum(entry => entry.Run.FinishedEarly), "completed below full"), (runs.Sum(entry => entry.Run.TunerFailures), "tuner failures"),
                (runs.Count(entry => entry.Run.Stop.Length > 0), "ended early"),
            }.Where(fault => fault.Item1 > 0).Select(fault => $"{fault.Item1} {fault.Item2}"));
        }

        return table.ToString();
    }

    /// <summary>Ours stand out.</summary>
    public static string Name(Entrant entrant) => (entrant.IsOurs ? "> " : "  ") + entrant.Name;

    // From the end backwards: an incumbent of a low step can be lost again to one that promised more.
    private static double Reached(Entrant entrant, Problem problem, Rule rule, double target, double budget)
    {
        var reached = double.PositiveInfinity;
        for (var tenths = (int)Math.Round(10 * budget); tenths >= 1; tenths--)
        {
            if (!(entrant.Regret(problem, rule, Axis.Trainings, tenths / 10.0).Median <= target + 1e-9)) break;
            reached = tenths / 10.0;
        }

        return reached;
    }

    private static string Percent(double regret) => double.IsFinite(regret) ? Summary.Percent(regret) : "-";

    private static string Text(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "-";
}
