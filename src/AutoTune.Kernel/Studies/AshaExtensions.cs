using AutoTune.Scheduling;
using AutoTune.Studies;

namespace AutoTune;

/// <summary>The verbs for asynchronous successive halving.</summary>
public static class AshaExtensions
{
    /// <summary>
    /// Asynchronous successive halving (Li and others 2020): one trial in three goes on from each rung to the next, three times as far. Trials are
    /// stopped at the rungs; <see cref="AshaOptions.Form"/> has the form that pauses them.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="minBudget">The step of the first rung: how many steps every trial may do. 1 by default.</param>
    /// <param name="maxBudget">How many steps a whole trial has; null: as many as the study's steps, such as <c>WithEpochs</c> said them.</param>
    public static T UseAsha<T>(this T study, int minBudget = 1, int? maxBudget = null) where T : StudyBuilder
        => study.UseAsha(new AshaOptions { MinBudget = minBudget, MaxBudget = maxBudget });

    /// <summary>Asynchronous successive halving (Li and others 2020), as the options say.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">Its rungs and its form.</param>
    /// <remarks>
    /// The first report at or after a rung's step counts there, once; one that passes several rungs counts at the last. In the stopping form equal
    /// losses go on, and the first comers of a rung go on only as the best so far; in the promotion form the earlier of two equals is the better.
    /// </remarks>
    public static T UseAsha<T>(this T study, AshaOptions options) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(options);
        return study.UseScheduler(_ => Create(study, options), () => Problems(study, options), ends: false, options.MaxBudget);
    }

    private static IScheduler Create(StudyBuilder study, AshaOptions options)
    {
        var ladder = BudgetLadder.Geometric(options.MinBudget, options.MaxBudget ?? study.Steps!.Count, options.Reduction);
        return FormOf(study, options) == AshaForm.Stopping
            ? new StoppingAsha(ladder, options.Reduction)
            : new PromotionAsha(ladder, options.Reduction, BudgetProblems.MayBeCutShort(study));
    }

    private static AshaForm FormOf(StudyBuilder study, AshaOptions options)
        => options.Form ?? (study.Steps is { Kind: StepKind.Samples or StepKind.Lengths } ? AshaForm.Promotion : AshaForm.Stopping);

    private static IEnumerable<string> Problems(StudyBuilder study, AshaOptions options)
    {
        var form = FormOf(study, options);
        if (!Enum.IsDefined(form)) yield return FormattableString.Invariant($"ASHA: Form {form} is none of its forms; use Stopping or Promotion.");
        if (form == AshaForm.Stopping && study.Steps is { Kind: StepKind.Samples or StepKind.Lengths })
            yield return "ASHA: Form Stopping has nothing to stop where the steps are growing samples or lengths, each a training of its own; use Form = AshaForm.Promotion.";
        foreach (var problem in BudgetProblems.Of("ASHA", study, options.MinBudget, options.MaxBudget, options.Reduction, form == AshaForm.Promotion)) yield return problem;
    }
}
