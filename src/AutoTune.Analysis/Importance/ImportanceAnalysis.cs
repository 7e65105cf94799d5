using System.Collections.Immutable;

namespace AutoTune.Analysis.Importance;

/// <summary>PED-ANOVA over mixed and conditional spaces: see <see cref="ImportanceExtensions.Importance"/>.</summary>
internal static class ImportanceAnalysis
{
    // A quarter, not the paper's tenth: after 40 to 100 trials it told a 2 : 1 pair of hyperparameters apart more often and let fewer idle ones
    // through (four toy problems, random and Bayesian search, four seeds). Eight at least, because fewer points make no distribution.
    private const double GoodShare = 0.25;
    private const int FewestGood = 8;

    // Below this a divergence is rounding.
    private const double Nothing = 1e-9;

    public static ImmutableArray<HyperparameterImportance> Of(StudyView study)
    {
        var completed = study.Trials.Where(trial => trial.Loss is not null).OrderBy(trial => trial.Loss).ThenBy(trial => trial.Id).ToList();
        if (completed.Count < 2 * FewestGood) return [];
        var stopped = study.Trials.Where(trial => trial.State == TrialState.Stopped);
        List<Trial> judged = [.. completed, .. stopped];
        var goodCount = Math.Clamp((int)Math.Ceiling(GoodShare * judged.Count), FewestGood, completed.Count / 2);
        var (units, active) = Encode(study.Space, judged);
        var divergences = study.Space.Hyperparameters.Select(h => DivergenceOf(h, units, active, goodCount)).ToArray();
        var total = divergences.Sum();
        return total <= Nothing
            ? []
            : [.. study.Space.Hyperparameters.Select(h => new HyperparameterImportance(h, divergences[h.Index] / total)).OrderByDescending(importance => importance.Share)];
    }

    private static double DivergenceOf(Hyperparameter hyperparameter, double[][] units, bool[][] active, int goodCount)
    {
        var index = hyperparameter.Index;
        List<double> good = [], all = [];
        for (var i = 0; i < units.Length; i++)
        {
            if (!active[i][index]) continue;
            all.Add(units[i][index]);
            if (i < goodCount) good.Add(units[i][index]);
        }

        // Two points among the good are no distribution; what they lack in number, chance would make up for.
        if (good.Count < 3 || good.Count == all.Count) return 0;
        return (double)good.Count / goodCount * PearsonDivergence.AboveChance(hyperparameter.Domain, [.. all], good.Count);
    }

    private static (double[][] Units, bool[][] Active) Encode(SearchSpace space, List<Trial> trials)
    {
        var width = space.Hyperparameters.Length;
        var units = new double[trials.Count][];
        var active = new bool[trials.Count][];
        for (var i = 0; i < units.Length; i++) space.Encoding.Encode(trials[i].Configuration, units[i] = new double[width], active[i] = new bool[width]);
        return (units, active);
    }
}
