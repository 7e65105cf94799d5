using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Reporting;

/// <summary>Compares our files with the peers'.</summary>
internal sealed class ReportCommand(CommandLine arguments, ProblemFolder folder)
{
    /// <summary>The report, the summary first.</summary>
    /// <exception cref="ProblemException">There is nothing to compare.</exception>
    public string Write()
    {
        var standings = Standings.Read(folder, arguments.Out, arguments.Tuners, arguments.Seeds);
        var ours = standings.Contestants.Where(contestant => contestant.IsOurs).ToImmutableArray();
        if (standings.Problems.IsEmpty) throw new ProblemException("No problem has runs of all our tuners; give --out files that share problems, or fewer --tuners.");
        var runs = standings.Contestants.Where(c => c.IsOurs || ours.IsEmpty).SelectMany(c => standings.Problems.SelectMany(problem => c.Runs[problem.Name])).ToArray();
        if (runs.Length == 0) throw new ProblemException($"There are no runs of these problems; give --out files that run wrote, or a folder with peers' files ({folder.Path} has {folder.PeerFiles.Length}).");
        var shortest = runs.Min(run => run.Best.Length);
        var horizons = Standings.Horizons.Where(trials => trials <= shortest).ToImmutableArray();
        if (horizons.IsEmpty) horizons = [shortest];

        var text = new StringBuilder();
        Heading("Normalised regret = (best found - best known) / (median of random configurations - best known): 0 is the best known, less is new.");
        text.Append("Rank: mean over problems of the place among all who have runs on every problem, by the median over seeds; ties share. > is ours.\n");
        text.Append("Regret: mean over problems of the median over seeds, ± what other seeds would change (standard error).\n");
        if (standings.Problems.Length < folder.Problems.Length)
            text.Append(CultureInfo.InvariantCulture, $"On {standings.Problems.Length} of {folder.Problems.Length} problems: those that all of ours have runs on.\n");
        if (!arguments.Seeds.IsEmpty) text.Append(CultureInfo.InvariantCulture, $"Seeds, of everybody: {string.Join(", ", arguments.Seeds)}.\n");

        var suites = standings.Problems.Where(problem => problem.Suite.Length > 0).GroupBy(problem => problem.Suite).Where(suite => !suite.All(problem => problem.IsFunction)).ToArray();
        if (suites.Length > 1)
        {
            foreach (var suite in suites) Suite($"Suite {suite.Key}", [.. suite]);
        }

        Suite("Real problems (tables, surrogates, pools)", [.. standings.Problems.Where(problem => !problem.IsFunction)]);
        Suite("Functions", [.. standings.Problems.Where(problem => problem.IsFunction)]);
        Suite("Overall", standings.Problems);
        if (!ours.IsEmpty)
        {
            Heading("Time to think");
            text.Append(Summary.Thinking(standings));
            Heading("Ours by kind of space: branches are conditional, grids are ordered lists, mixed are numbers and choices, functions are invented and smooth");
            text.Append(Kinds.Table(standings, horizons));
        }

        if (arguments.Brief) return text.ToString();
        foreach (var contestant in ours)
        {
            Heading($"{contestant.Name} against each, on the problems that both have");
            text.Append(Summary.Duels(standings, contestant, horizons));
            Heading($"{contestant.Name} where a peer's median is lower, and the best peer there");
            text.Append(Details.Behind(standings, contestant, horizons));
        }

        foreach (var trials in horizons)
        {
            Heading($"Every problem after {trials} trials (* the best)");
            text.Append(Details.Matrix(standings, trials));
        }

        Heading("Every problem, median and quartiles of the regret in per cent");
        foreach (var problem in standings.Problems) text.Append(Details.Quartered(standings, problem, horizons)).Append('\n');
        return text.ToString();

        void Heading(string title) => text.Append(text.Length > 0 ? "\n" : "").Append(title).Append("\n\n");

        void Suite(string title, ImmutableArray<Problem> problems)
        {
            if (problems.IsEmpty) return;
            Heading($"{title}: {problems.Length} problem{(problems.Length == 1 ? "" : "s")}");
            text.Append(Summary.Ranking(standings, problems, horizons));
        }
    }
}
