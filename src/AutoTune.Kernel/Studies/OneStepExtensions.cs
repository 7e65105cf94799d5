using AutoTune.Scheduling;
using AutoTune.Studies;

namespace AutoTune;

/// <summary>The verb for the one-epoch baseline.</summary>
public static class OneStepExtensions
{
    /// <summary>
    /// Judges trials by their first step alone: every trial is paused after it, and with each ten of them the best that waits, if it is among the best
    /// tenth of all, is resumed and run to its end. The baseline for other schedulers (after Egele and others 2023).
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">Which step, and one in how many; null: the defaults.</param>
    /// <remarks>
    /// When no more trials can be started and none has been resumed, the best is. A study with a time limit, without a trial limit, or with a rule of its own that needs no
    /// result (<see cref="IStopRule.NeedsResult"/>), runs its first trial to the end, so that it has one.
    /// </remarks>
    public static T UseOneStep<T>(this T study, OneStepOptions? options = null) where T : StudyBuilder
    {
        var with = options ?? new OneStepOptions();
        return study.UseScheduler(
            _ => new PromotionAsha(new BudgetLadder([with.Step, with.MaxBudget ?? study.Steps!.Count]), with.OneIn, BudgetProblems.MayBeCutShort(study)),
            () => BudgetProblems.Of("UseOneStep", study, with.Step, with.MaxBudget, with.OneIn, pauses: true, nameof(with.Step), nameof(with.OneIn)), ends: false, with.MaxBudget);
    }
}
