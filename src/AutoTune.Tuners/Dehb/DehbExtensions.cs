using AutoTune.Scheduling;
using AutoTune.Tuners.Dehb;

namespace AutoTune;

/// <summary>The verb that makes a study search by DEHB.</summary>
public static class DehbExtensions
{
    /// <summary>
    /// DEHB (Awad and others 2021): differential evolution in the brackets of Hyperband, a population for each budget, whose parents come from the best
    /// of the budget below. Sets tuner and scheduler. Every trial is new and stops at its budget: the objective need not be able to resume.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">Budgets and evolution; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option of the evolution is out of its range.</exception>
    public static T UseDehb<T>(this T study, DehbOptions? options = null) where T : StudyBuilder
    {
        var with = (options ?? new DehbOptions()).Validated();
        return study
            .UseTuner("DEHB", (space, random) => new DehbTuner(space, new HyperbandBrackets(with.MinBudget, with.MaxBudget ?? study.Steps!.Count, with.Reduction), with, random))
            .UseHyperband(new HyperbandOptions { MinBudget = with.MinBudget, MaxBudget = with.MaxBudget, Reduction = with.Reduction, StartsAnew = true, Name = "DEHB" });
    }
}
