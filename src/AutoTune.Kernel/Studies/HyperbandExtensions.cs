using AutoTune.Scheduling;
using AutoTune.Studies;

namespace AutoTune;

/// <summary>The verbs for Hyperband.</summary>
public static class HyperbandExtensions
{
    /// <summary>
    /// Hyperband (Li and others 2018): brackets of successive halving, from many trials with few steps to few whole ones, again and again. Trials are
    /// paused at the rungs and resumed from their checkpoints.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="minBudget">The fewest steps a trial may get. 1 by default.</param>
    /// <param name="maxBudget">How many steps a whole trial has; null: as many as the study's steps, such as <c>WithEpochs</c> said them.</param>
    public static T UseHyperband<T>(this T study, int minBudget = 1, int? maxBudget = null) where T : StudyBuilder
        => study.UseHyperband(new HyperbandOptions { MinBudget = minBudget, MaxBudget = maxBudget });

    /// <summary>Hyperband (Li and others 2018), as the options say.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">Its budgets.</param>
    /// <remarks>
    /// A trial carries its bracket's number and its first rung as the tags "bracket" and "rung". Slots that wait for a rung to fill begin the next
    /// bracket. A study with a time limit, without a trial limit, or with a rule of its own that needs no result (<see cref="IStopRule.NeedsResult"/>), begins with one whole trial, so that it has one.
    /// </remarks>
    public static T UseHyperband<T>(this T study, HyperbandOptions options) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(options);
        return study.UseScheduler(_ => Create(study, options),
            () => BudgetProblems.Of(options.Name, study, options.MinBudget, options.MaxBudget, options.Reduction, pauses: !options.StartsAnew), ends: false, options.MaxBudget);
    }

    private static IScheduler Create(StudyBuilder study, HyperbandOptions options)
    {
        var brackets = new HyperbandBrackets(options.MinBudget, options.MaxBudget ?? study.Steps!.Count, options.Reduction);
        var mayBeCutShort = BudgetProblems.MayBeCutShort(study);
        return options.StartsAnew ? new AnewScheduler(brackets, study.TrialLimit, mayBeCutShort) : new HyperbandScheduler(brackets, study.TrialLimit, mayBeCutShort);
    }
}
