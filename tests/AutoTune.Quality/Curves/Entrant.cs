using System.Collections.Immutable;
using AutoTune.Quality.Problems;
using AutoTune.Quality.Reporting;
using AutoTune.Quality.Simulating;

namespace AutoTune.Quality.Curves;

/// <summary>Which configuration a method is judged by.</summary>
internal enum Rule
{
    /// <summary>The one with the best loss reported so far at any step, as the peers' files have it.</summary>
    Incumbent,

    /// <summary>The best completed trial, which is what the study returns.</summary>
    Completed,
}

/// <summary>What is spent on the way to a regret.</summary>
internal enum Axis
{
    /// <summary>Full trainings' worth of steps.</summary>
    Trainings,

    /// <summary>Simulated hours; a full training takes one.</summary>
    Hours,
}

/// <summary>A method with a number of slots, ours or a peer's, and all its simulated studies.</summary>
/// <param name="Name">Its name, as tables show it.</param>
/// <param name="Method">The tuner and the scheduler, without the library.</param>
/// <param name="IsOurs">Whether it is one of ours.</param>
/// <param name="Slots">How many trials ran at a time.</param>
/// <param name="Runs">Its studies, by problem.</param>
internal sealed record Entrant(string Name, string Method, bool IsOurs, int Slots, ILookup<string, SimulationRecord> Runs)
{
    /// <summary>The tuner's part of the method.</summary>
    public string Tuner => Method.Split('+')[0];

    /// <summary>The scheduler's part of the method.</summary>
    public string Scheduler => Method.Split('+')[^1];

    /// <summary>Whether its studies say which trials completed.</summary>
    public bool Has(Rule rule) => rule == Rule.Incumbent || Runs.SelectMany(group => group).All(run => !run.Completed.IsDefault);

    /// <summary>The quarters of its regret on a problem, when so much was spent; infinite where there is no configuration yet, NaN where not all studies went so far.</summary>
    public Quartiles Regret(Problem problem, Rule rule, Axis axis, double spent)
        => Quartiles.Of(spent <= Reach(problem, axis) + 1e-6 ? Runs[problem.Name].Select(run => RegretOf(run, problem, rule, axis, spent)) : []);

    /// <summary>How far all its studies of a problem went.</summary>
    public double Reach(Problem problem, Axis axis) => Runs[problem.Name].Select(run => Reach(run, problem, axis)).DefaultIfEmpty(0).Min();

    /// <summary>What one study reached when so much was spent.</summary>
    public static double RegretOf(SimulationRecord run, Problem problem, Rule rule, Axis axis, double spent)
    {
        var changes = rule == Rule.Incumbent ? run.Incumbents : run.Completed;
        var limit = axis == Axis.Hours ? spent : spent * FullOf(run, problem);
        var loss = double.PositiveInfinity;
        foreach (var change in changes) // as files have them: in order
        {
            if ((axis == Axis.Hours ? change.Hours : change.Steps) > limit + 1e-6) break;
            loss = change.Loss;
        }

        return problem.Regret(loss);
    }

    /// <summary>How many full trainings' worth of steps a study could spend, or how long it ran; one that ended early has reached what it could.</summary>
    private static double Reach(SimulationRecord run, Problem problem, Axis axis) => axis == Axis.Hours ? run.Hours : run.Budget / FullOf(run, problem);

    private static double FullOf(SimulationRecord run, Problem problem) => run.Full > 0 ? run.Full : Ladder.Of(problem)!.Count;
}

/// <summary>Whose curves are compared, on which problems.</summary>
/// <param name="Problems">The problems with a fidelity that our files have studies of.</param>
/// <param name="Entrants">Ours, then the peers.</param>
internal sealed record Field(ImmutableArray<Problem> Problems, ImmutableArray<Entrant> Entrants)
{
    /// <summary>Reads our files and the peers'.</summary>
    /// <param name="folder">The problems and the peers' files.</param>
    /// <param name="arguments">Our files, and which methods, slots and seeds of ours are wanted.</param>
    public static Field Read(ProblemFolder folder, CommandLine arguments)
    {
        var entrants = Group(arguments.Out.SelectMany(file => SimulationRecord.ReadFile(file)).Where(run => (arguments.Seeds.IsEmpty || arguments.Seeds.Contains(run.Seed))
                && (arguments.Methods.IsEmpty || arguments.Methods.Contains(MethodOf(run.Peer)))), isOurs: true)
            .Concat(Group(folder.PeerFiles.SelectMany(file => SimulationRecord.ReadFile(file)), isOurs: false)).ToImmutableArray();
        var problems = folder.Problems.Where(problem => Ladder.Of(problem) is not null && entrants.Any(entrant => entrant.IsOurs && entrant.Runs.Contains(problem.Name)));
        return new([.. problems], entrants);
    }

    /// <summary>Those who have studies of all of these problems, and say what the rule needs: only they can be averaged.</summary>
    public ImmutableArray<Entrant> Complete(IEnumerable<Problem> problems, Rule rule)
        => [.. Entrants.Where(entrant => entrant.Has(rule) && problems.All(problem => entrant.Runs.Contains(problem.Name)))];

    /// <summary>The mean over problems of the median regret.</summary>
    public static double Mean(Entrant entrant, IReadOnlyCollection<Problem> problems, Rule rule, Axis axis, double spent)
        => problems.Average(problem => entrant.Regret(problem, rule, axis, spent).Median);

    private static IEnumerable<Entrant> Group(IEnumerable<SimulationRecord> runs, bool isOurs)
        => runs.GroupBy(run => (run.Peer, run.Slots)).Select(group =>
        {
            var name = isOurs ? MethodOf(group.Key.Peer) : group.Key.Peer;
            return new Entrant(group.Key.Slots > 1 ? $"{name} x{group.Key.Slots}" : name, MethodOf(group.Key.Peer), isOurs, group.Key.Slots, group.ToLookup(run => run.Problem));
        });

    // autotune-tpe+none, optuna-tpe+none
    private static string MethodOf(string peer) => peer[(peer.IndexOf('-') + 1)..];
}
