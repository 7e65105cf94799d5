using System.Globalization;
using AutoTune.Scheduling;

namespace AutoTune.Tuners.PopulationTraining;

/// <summary>Trains a population side by side: at each comparison the worst go on from copies of the best, with other hyperparameters.</summary>
/// <remarks>
/// Trials are compared at equal steps, and each of them by the same rule whatever the number of slots and the speed of trials: all of a round have to be
/// known before the best and the worst are told. Slots need not wait for that as long as there is a trial of which the known ones say
/// already that it is neither, since it goes on as it is; nor before all have been started.
/// </remarks>
internal sealed class PopulationScheduler(PopulationPlan plan, IExploration exploration, RandomSource random) : IScheduler
{
    private readonly PopulationRounds _rounds = new();

    public void Observe(StudyEvent studyEvent) => _rounds.Observe(studyEvent);

    public Directive Judge(TrialReport report, StudyView study)
    {
        if (report.Step >= plan.Steps || report.Step < (study[report.Trial].Budget ?? plan.BudgetAfter(study[report.Trial].PausedAtStep))) return Directive.Continue;
        return Directive.Pause(Text($"step {report.Step}: its {study.Goal.Metric} of {Value(study, report.Loss)} is to be compared with those of the other trials"));
    }

    public WorkOrder NextWork(StudyView study)
    {
        if (study.CanStart && _rounds.Count < plan.Size) return new WorkOrder.StartTrial(plan.BudgetAfter(0));
        for (var round = 0; round < _rounds.Rounds; round++)
        {
            if (Next(round, study) is { } order) return order;
        }

        return new WorkOrder.Hold();
    }

    private WorkOrder.ResumeTrial? Next(int round, StudyView study)
    {
        Arrival[] ranking = [.. _rounds.Of(round)];
        if (!Array.Exists(ranking, each => _rounds.WaitsIn(each.Trial) == round)) return null;
        Array.Sort(ranking, (one, other) => one.Loss != other.Loss ? one.Loss.CompareTo(other.Loss) : one.Trial.CompareTo(other.Trial));
        var known = ranking.Length;
        var all = known + _rounds.Expected(round) + (study.CanStart ? plan.Size - _rounds.Count : 0);
        var share = plan.Share(all);
        if (all == known)
        {
            // The worst first: the best wait until their weights are copied.
            for (var place = known - 1; place >= known - share; place--)
            {
                if (_rounds.WaitsIn(ranking[place].Trial) == round) return Copy(ranking, place, share, round, study);
            }
        }

        for (var place = 0; place < known; place++)
        {
            var isTold = all == known || (place >= share && known - 1 - place >= share);
            if (isTold && _rounds.WaitsIn(ranking[place].Trial) == round) return GoOn(ranking[place], place, known, all, share, study);
        }

        return null;
    }

    private WorkOrder.ResumeTrial Copy(Arrival[] ranking, int place, int share, int round, StudyView study)
    {
        var worst = ranking[place];
        var best = ranking.AsSpan(0, share).ToArray().Where(each => each.Loss < worst.Loss && _rounds.WaitsIn(each.Trial) == round).ToList();
        if (best.Count == 0) return GoOn(worst, place, ranking.Length, ranking.Length, share, study);
        var draw = random.Fork("exploit", round).Fork("trial", worst.Trial.Number);
        var source = best[draw.NextInt(best.Count)];
        var from = study[source.Trial];
        // The best and the rest go on as they are, even if they have yet to be told so.
        var settled = ranking.Where((each, at) => at < ranking.Length - share || _rounds.WaitsIn(each.Trial) != round).ToList();
        var next = exploration.Explore(new ExploreRequest(study, study[worst.Trial], from, round, _rounds, settled, draw.Fork("explore")));
        return new WorkOrder.ResumeTrial(worst.Trial, plan.BudgetAfter(source.Step), source.Trial, next, Text(
            $"step {worst.Step}: its {study.Goal.Metric} of {Value(study, worst.Loss)} is among the {share} worst of {ranking.Length} trials; it takes over {source.Trial}, whose {study.Goal.Metric} is {Value(study, source.Loss)}, with {Change(from.Configuration, next)}"));
    }

    private WorkOrder.ResumeTrial GoOn(Arrival arrival, int place, int known, int all, int share, StudyView study)
    {
        var rank = all == known ? Text($"number {place + 1} of {all} trials") : Text($"neither among the {share} best nor the {share} worst of {all} trials, of which {known} are known");
        var after = place >= known - share && all == known ? "none is better" : "it goes on as it is";
        return new WorkOrder.ResumeTrial(arrival.Trial, plan.BudgetAfter(arrival.Step), Reason: Text($"step {arrival.Step}: its {study.Goal.Metric} of {Value(study, arrival.Loss)} is {rank}; {after}"));
    }

    /// <summary>For example <c>rate 0.1 -> 0.12, width absent -> 64</c>.</summary>
    private static string Change(Configuration from, Configuration to)
    {
        var changes = new List<string>();
        foreach (var hyperparameter in to.Space.Hyperparameters)
        {
            var (before, after) = (TextOf(from, hyperparameter), TextOf(to, hyperparameter));
            if (before != after) changes.Add($"{hyperparameter.Name} {before} -> {after}");
        }

        return changes.Count == 0 ? "the same configuration" : string.Join(", ", changes);
    }

    private static string TextOf(Configuration configuration, Hyperparameter hyperparameter)
    {
        foreach (var value in configuration.Values)
        {
            if (value.Hyperparameter.Name != hyperparameter.Name) continue;
            return value.Value is double real ? real.ToString("G4", CultureInfo.InvariantCulture) : value.Text;
        }

        return "absent";
    }

    private static string Value(StudyView study, double loss) => study.Goal.Text(loss);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
