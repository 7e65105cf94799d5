using AutoTune.Scheduling;
using AutoTune.Studies;

namespace AutoTune;

/// <summary>The verb for progressive ASHA.</summary>
public static class PashaExtensions
{
    /// <summary>
    /// Progressive ASHA (Bohdal and others 2023): trials are paused and promoted as in ASHA, at first no further than the second rung; a rung is added
    /// only while the top two rank trials differently, beyond the noise of their curves. The best then runs to its end. Needs <c>ForTrials</c>.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">Its rungs; null: the defaults.</param>
    public static T UsePasha<T>(this T study, PashaOptions? options = null) where T : StudyBuilder
    {
        var with = options ?? new PashaOptions();
        return study.UseScheduler(
            _ => new PashaScheduler(BudgetLadder.Geometric(with.MinBudget, with.MaxBudget ?? study.Steps!.Count, with.Reduction), with),
            () => Problems(study, with), ends: false, with.MaxBudget);
    }

    private static IEnumerable<string> Problems(StudyBuilder study, PashaOptions options)
    {
        if (study.TrialLimit is null)
            yield return "PASHA runs its best trial to the end when all have been started, and there is no limit to them; say ForTrials.";
        if (!(options.NoisePercentile is >= 0 and <= 100))
            yield return FormattableString.Invariant($"PASHA: NoisePercentile {options.NoisePercentile} must be from 0 to 100; the paper's is 90.");
        foreach (var problem in BudgetProblems.Of("PASHA", study, options.MinBudget, options.MaxBudget, options.Reduction, pauses: true)) yield return problem;
    }
}
