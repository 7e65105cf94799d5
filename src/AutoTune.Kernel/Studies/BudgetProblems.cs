namespace AutoTune.Studies;

/// <summary>What is wrong with the budgets of a scheduler, given what is known of the study's steps.</summary>
internal static class BudgetProblems
{
    /// <param name="scheduler">Its name, for the messages.</param>
    /// <param name="study">The study, all said.</param>
    /// <param name="min">The smallest budget.</param>
    /// <param name="max">The largest; null: as many as there are steps.</param>
    /// <param name="reduction">One in how many goes on.</param>
    /// <param name="pauses">Whether it pauses trials and resumes them.</param>
    /// <param name="minName">What it calls the smallest budget.</param>
    /// <param name="reductionName">What it calls the reduction.</param>
    public static IEnumerable<string> Of(string scheduler, StudyBuilder study, int min, int? max, int reduction, bool pauses, string minName = "MinBudget", string reductionName = "Reduction")
    {
        var steps = study.Steps;
        if (min < 1) yield return FormattableString.Invariant($"{scheduler}: {minName} {min} must be at least 1; steps are counted from 1.");
        if (reduction < 2) yield return FormattableString.Invariant($"{scheduler}: {reductionName} {reduction} must be at least 2; 3 lets one trial in three go on.");
        if (max is null && steps is null)
            yield return $"{scheduler} does not know how many steps a whole trial has; say the study's steps, such as WithEpochs(27), or MaxBudget.";
        if (max <= min)
            yield return FormattableString.Invariant($"{scheduler}: MaxBudget {max} must be above {minName} {min}; with no step between them there is nothing to save.");
        else if (max is null && steps?.Count <= min)
            yield return FormattableString.Invariant($"{scheduler}: the {steps.Count} {(steps.Count == 1 ? "step" : "steps")} of a whole trial must be more than {minName} {min}; with no step between them there is nothing to save: give trials more steps, or leave {scheduler} out.");
        if (max > steps?.Count)
            yield return FormattableString.Invariant($"{scheduler}: MaxBudget {max} must be at most the {steps.Count} steps that a whole trial has; leave MaxBudget out for all of them.");
        if (pauses && steps is { CanResume: false })
        {
            yield return FormattableString.Invariant($"{scheduler} pauses trials and resumes them, but the study's {steps.Count} {steps.Kind.ToString().ToLowerInvariant()} were said without canResume; ")
                + "say canResume: true if the objective goes on from its checkpoint, or use UseAsha with Form = AshaForm.Stopping.";
        }
    }

    /// <summary>Whether the study may end before it has started all its trials, and so at any time: then it is to have a result early.</summary>
    public static bool MayBeCutShort(StudyBuilder study) => study.TrialLimit is null || study.TimeLimit is not null || study.StopRules.Any(rule => !rule.NeedsResult);
}
