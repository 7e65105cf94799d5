using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Curves;

/// <summary>Compares simulated studies with each other and with the peers' multi-fidelity runs.</summary>
internal sealed class CurvesCommand(CommandLine arguments, ProblemFolder folder)
{
    private static readonly ImmutableArray<double> AllHorizons = [5, 10, 20, 50, 100];

    private readonly StringBuilder _text = new();

    /// <summary>The report, the summary first. Writes the pictures too, if they are wanted.</summary>
    /// <exception cref="ProblemException">There is nothing to compare.</exception>
    public string Write()
    {
        var field = Field.Read(folder, arguments);
        var ours = field.Entrants.Where(entrant => entrant.IsOurs).ToImmutableArray();
        if (field.Problems.IsEmpty) throw new ProblemException("There are no simulated studies of problems with a fidelity; give --out files that simulate wrote.");
        var budget = ours.SelectMany(entrant => entrant.Runs.SelectMany(group => group)).Where(run => run.Full > 0).Min(run => run.Budget / run.Full);
        ImmutableArray<double> horizons = [.. AllHorizons.Where(spent => spent <= budget + 1e-9)];
        if (horizons.IsEmpty) horizons = [budget];

        Heading("Normalised regret x 100, the median over seeds, after a number of full trainings' worth of steps. > is ours; xN: N trials at a time; * the least.");
        _text.Append("A step is an epoch, or a share of the training set, and then costs that share anew for each trial that is given it.\n");
        _text.Append("Incumbent: the configuration with the best loss reported so far at any step, by its loss at full fidelity (the peers' rule).\n");
        _text.Append("Completed: the best completed trial, which is what a study returns; - while there is none.\n");
        foreach (var rule in Enum.GetValues<Rule>()) Means(field, rule, horizons);
        Goals(field, budget);
        Times(field);
        Heading("What a study spent, the mean over problems and seeds; shares of the budget by the step that it paid for; least: of the studies");
        _text.Append(CurveTables.Spending(field.Entrants, field.Problems));
        if (!arguments.Brief) Details(field, horizons);
        if (arguments.Plots is { } directory)
        {
            var files = CurvePlots.Write(field, directory, arguments.Bands, budget);
            _text.Append(CultureInfo.InvariantCulture, $"\n{files} pictures written to {directory}.\n");
        }

        return _text.ToString();
    }

    private void Means(Field field, Rule rule, ImmutableArray<double> horizons)
    {
        Suite("all problems", field.Problems);
        Suite("problems with epochs", [.. field.Problems.Where(problem => problem.Fidelity!.IsWhole)]);
        Suite("problems with shares of the training set", [.. field.Problems.Where(problem => !problem.Fidelity!.IsWhole)]);
        Heading($"{rule}: against the same tuner that runs every trial to its end, over problems");
        _text.Append(CurveTables.AgainstNone(field.Complete(field.Problems, rule), field.Problems, rule, horizons));

        void Suite(string title, ImmutableArray<Problem> problems)
        {
            if (problems.IsEmpty) return;
            Heading($"{rule}: mean over {title} ({problems.Length})");
            _text.Append(CurveTables.Regrets(field.Complete(problems, rule), problems, rule, Axis.Trainings, horizons));
        }
    }

    private void Goals(Field field, double budget)
    {
        foreach (var rule in Enum.GetValues<Rule>())
        {
            var entrants = field.Complete(field.Problems, rule);
            foreach (var target in entrants.Where(entrant => entrant is { IsOurs: true, Slots: 1, Method: "random+none" or "portfolio+none" }))
            {
                Heading(string.Create(CultureInfo.InvariantCulture, $"{rule}: full trainings' worth of steps until the median stays at or below that of {target.Method} after {budget:0}"));
                _text.Append(CurveTables.Reaching(entrants.Where(entrant => entrant.IsOurs), target, field.Problems, rule, budget));
            }
        }
    }

    private void Times(Field field)
    {
        var entrants = field.Complete(field.Problems, Rule.Incumbent).Where(entrant => entrant.IsOurs).ToArray();
        if (entrants.All(entrant => entrant.Slots == 1)) return;
        foreach (var rule in Enum.GetValues<Rule>())
        {
            Heading($"{rule}: mean over all problems after hours of simulated time; a full training takes one, - where studies have ended");
            _text.Append(CurveTables.Regrets(entrants, field.Problems, rule, Axis.Hours, [0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 20, 50, 100]));
        }
    }

    private void Details(Field field, ImmutableArray<double> horizons)
    {
        foreach (var problem in field.Problems)
        {
            foreach (var rule in Enum.GetValues<Rule>())
            {
                Heading($"{problem.Name}, {rule}");
                _text.Append(CurveTables.Regrets(field.Complete([problem], rule), [problem], rule, Axis.Trainings, horizons));
            }
        }
    }

    private void Heading(string title) => _text.Append(_text.Length > 0 ? "\n" : "").Append(title).Append("\n\n");
}
