using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Curves;

/// <summary>A picture of each problem: the median regret of every method against what was spent, by both rules.</summary>
internal static class CurvePlots
{
    private const int Points = 240; // along an axis of 425 pixels
    private const double Floor = 1e-4;

    // Okabe and Ito (2008), which people who see fewer colours can tell apart, then three of like strength. Dashes tell what shares a colour.
    private static readonly string[] Colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F3C8D", "#8B5A2B", "#3B3B3B", "#B5BD00", "#E7298A", "#66A61E"];
    private static readonly string[] Dashes = ["", "7 3", "2 2", "9 3 2 3", "14 3", "6 2 2 2 2 2", "1 4"];

    /// <summary>Writes <c>PROBLEM.svg</c> for each, and <c>PROBLEM-time.svg</c> where studies ran several trials at a time.</summary>
    /// <param name="field">The studies.</param>
    /// <param name="directory">Where; it is created.</param>
    /// <param name="bands">The methods whose quartiles are drawn; empty: the best three at the end.</param>
    /// <param name="budget">Full trainings' worth of steps that studies could spend.</param>
    /// <returns>How many.</returns>
    public static int Write(Field field, string directory, ImmutableArray<string> bands, double budget)
    {
        Directory.CreateDirectory(directory);
        var written = 0;
        foreach (var problem in field.Problems)
        {
            var entrants = field.Entrants.Where(entrant => entrant.Runs.Contains(problem.Name)).ToImmutableArray();
            var alone = entrants.Any(entrant => entrant is { IsOurs: true, Slots: 1 }) ? [.. entrants.Where(entrant => entrant.Slots == 1)] : entrants;
            File.WriteAllText(Path.Combine(directory, problem.Name + ".svg"), Draw(problem, alone, Axis.Trainings, bands, budget));
            written++;
            if (entrants.All(entrant => entrant.Slots == 1)) continue;
            File.WriteAllText(Path.Combine(directory, problem.Name + "-time.svg"), Draw(problem, [.. entrants.Where(entrant => entrant.IsOurs)], Axis.Hours, bands, budget));
            written++;
        }

        return written;
    }

    /// <summary>The picture of a problem.</summary>
    public static string Draw(Problem problem, ImmutableArray<Entrant> entrants, Axis axis, ImmutableArray<string> bands, double budget)
    {
        const double width = 425;
        var low = axis == Axis.Trainings ? 0.5 : 1.0 / 16;
        var high = axis == Axis.Trainings ? budget : entrants.Max(entrant => entrant.Reach(problem, axis));
        double[] grid = [.. Enumerable.Range(0, Points + 1).Select(i => low * Math.Pow(high / low, (double)i / Points))];
        var ordered = entrants.Select(entrant => (Entrant: entrant, Curves: Enum.GetValues<Rule>().ToDictionary(rule => rule, rule => entrant.Has(rule) ? Curve(entrant, rule) : [])))
            .OrderBy(row => row.Curves[Rule.Incumbent].Select(point => point.Median).LastOrDefault(double.IsFinite, double.PositiveInfinity)).ToArray();
        var styles = Styles(entrants);
        var banded = ordered.Where(row => bands.IsEmpty || bands.Contains(row.Entrant.Name) || bands.Contains(row.Entrant.Method)).Take(bands.IsEmpty ? 3 : int.MaxValue).ToArray();
        var top = ordered.SelectMany(row => row.Curves.Values.SelectMany(curve => curve)).Select(point => point.Median).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        var least = ordered.SelectMany(row => row.Curves.Values.SelectMany(curve => curve)).Select(point => point.Median).Where(median => median > 0).DefaultIfEmpty(Floor).Min();
        var y = (Math.Pow(10, Math.Floor(Math.Log10(Math.Clamp(least, Floor * 1.001, 0.01)))), Math.Pow(10, Math.Ceiling(Math.Log10(Math.Clamp(top, 0.01, 1) * 0.999))));
        var height = Math.Max(340, 17 * entrants.Length);

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns='http://www.w3.org/2000/svg' width='1300' height='{height + 100}' viewBox='0 0 1300 {height + 100}' font-family='sans-serif' font-size='12'>\n");
        svg.Append("<style>.grid{stroke:#ddd;stroke-width:1}.frame{fill:none;stroke:#555}.title{font-weight:bold;font-size:13px}text{fill:#222}</style>\n<rect width='100%' height='100%' fill='white'/>\n");
        foreach (var rule in Enum.GetValues<Rule>())
        {
            var chart = new LogChart(80 + (int)rule * (width + 36), 36, width, height, (low, high), y);
            var title = problem.Name + (rule == Rule.Incumbent ? ": best loss reported so far" : ": best completed trial");
            chart.DrawAxes(svg, title, axis == Axis.Trainings ? "full trainings' worth of steps" : "simulated hours (a full training takes 1)", rule == Rule.Incumbent ? "normalised regret, median over seeds" : "");
            foreach (var row in banded) chart.DrawBand(svg, [.. grid.Zip(row.Curves[rule], (x, q) => (x, q.Lower, q.Upper))], styles[row.Entrant.Name].Color);
            foreach (var row in ordered.Reverse())
                chart.DrawSteps(svg, [.. grid.Zip(row.Curves[rule], (x, q) => (x, q.Median))], Stroke(row.Entrant));
        }

        svg.Append("<text x='1000' y='27' fill-opacity='0.7'>▒ quartiles drawn</text><text x='1288' y='27' text-anchor='end' fill-opacity='0.7'>% at the end</text>\n");
        var at = 48.0;
        foreach (var row in ordered)
        {
            var last = row.Curves[Rule.Incumbent].Select(point => point.Median).LastOrDefault(double.IsFinite, double.NaN);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1='1000' y1='{at:0.#}' x2='1032' y2='{at:0.#}' {Stroke(row.Entrant)}/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x='1038' y='{at + 4:0.#}'>{row.Entrant.Name}{(banded.Contains(row) ? " ▒" : "")}</text>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x='1288' y='{at + 4:0.#}' text-anchor='end'>{Reporting.Summary.Percent(last)}</text>\n");
            at += 17;
        }

        return svg.Append("</svg>\n").ToString();

        Reporting.Quartiles[] Curve(Entrant entrant, Rule rule) => [.. grid.Select(spent => entrant.Regret(problem, rule, axis, spent))];

        string Stroke(Entrant entrant)
        {
            var (color, dash) = styles[entrant.Name];
            return $"stroke='{color}' stroke-width='{(entrant.IsOurs ? "1.8" : "1.1")}'" + (dash.Length > 0 ? $" stroke-dasharray='{dash}'" : "");
        }
    }

    /// <summary>A colour for each scheduler (or, if there is one only, each tuner), a dash for each tuner and number of slots; peers are thinner.</summary>
    private static Dictionary<string, (string Color, string Dash)> Styles(ImmutableArray<Entrant> entrants)
    {
        var bySchedulers = entrants.Where(entrant => entrant.IsOurs).Select(entrant => entrant.Scheduler).Distinct().Count() > 1;
        string[] colored = [.. entrants.Select(ColorOf).Distinct()];
        string[] dashed = [.. entrants.Select(DashOf).Distinct()];
        return entrants.ToDictionary(entrant => entrant.Name, entrant =>
            (Colors[Array.IndexOf(colored, ColorOf(entrant)) % Colors.Length], Dashes[Array.IndexOf(dashed, DashOf(entrant)) % Dashes.Length]));

        string ColorOf(Entrant entrant) => bySchedulers ? entrant.Scheduler : entrant.Tuner;

        string DashOf(Entrant entrant) => string.Create(CultureInfo.InvariantCulture, $"{(bySchedulers ? entrant.Tuner : "")} {entrant.Slots}");
    }
}
