using AutoTune.Scheduling;
using AutoTune.Tuners.Bohb;

namespace AutoTune;

/// <summary>The verb that makes a study search by BOHB.</summary>
public static class BohbExtensions
{
    /// <summary>
    /// BOHB (Falkner and others 2018): Hyperband whose trials are proposed by a Parzen estimator, learnt at the largest budget that enough trials have
    /// come to. Sets tuner and scheduler; trials are paused and resumed from their checkpoints.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">Budgets and search; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option of the search is out of its range.</exception>
    public static T UseBohb<T>(this T study, BohbOptions? options = null) where T : StudyBuilder
    {
        var with = (options ?? new BohbOptions()).Validated();
        return study
            .UseTuner("BOHB", (space, random) => new BohbTuner(space, new HyperbandBrackets(with.MinBudget, with.MaxBudget ?? study.Steps!.Count, with.Reduction).Budgets, with, random))
            .UseHyperband(new HyperbandOptions { MinBudget = with.MinBudget, MaxBudget = with.MaxBudget, Reduction = with.Reduction, Name = "BOHB" });
    }
}
