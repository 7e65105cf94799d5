using AutoTune.Scheduling;

namespace AutoTune;

/// <summary>Verbs for rules that stop trials. Rules add up: each may be said beside the others and beside any scheduler, and several times.</summary>
/// <remarks>
/// A trial that a rule stops counts as stopped: it is no result of the study, however good it was, and tuners learn from its last report.
/// </remarks>
public static class RuleExtensions
{
    /// <summary>
    /// Stops a trial that has reported this often without an improvement. A trial that is ahead of the best completed one is let finish, since a
    /// stopped trial is no result.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="reports">How many reports in a row may bring nothing; 1 or more.</param>
    /// <param name="minImprovement">By more than how much, in the metric's unit, a report must be better than the last improvement; 0 by default.</param>
    public static T UsePatience<T>(this T study, int reports, double minImprovement = 0) where T : StudyBuilder
        => study
            .Demand(reports >= 1, FormattableString.Invariant($"the patience of {reports} reports must be at least 1; say how many reports may bring nothing."))
            .Demand(double.IsFinite(minImprovement) && minImprovement >= 0, FormattableString.Invariant($"the least improvement {minImprovement} must be 0 or more and finite; it is in the metric's unit, whichever way is better."))
            .WithRule(() => new PatienceRule(reports, minImprovement));

    /// <summary>Stops a trial that reports a value worse than a bound: above it where lower is better, below it where higher is.</summary>
    /// <param name="study">The study.</param>
    /// <param name="bound">The worst value that is accepted, as the metric counts it.</param>
    /// <param name="fromStep">The first step at which it holds; 1 by default. Say the verb several times for bounds that tighten.</param>
    public static T UseThreshold<T>(this T study, double bound, int fromStep = 1) where T : StudyBuilder
        => study
            .Demand(double.IsFinite(bound), FormattableString.Invariant($"the bound {bound} must be finite; give the worst value of the metric that is accepted."))
            .Demand(fromStep >= 1, FormattableString.Invariant($"the bound's first step {fromStep} must be at least 1; steps are counted from 1."))
            .WithRule(() => new ThresholdRule(bound, fromStep));

    /// <summary>
    /// Stops a trial whose best value so far is not among the best <paramref name="percentile"/> percent of what the others' best was at the same
    /// step.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="percentile">From 0, as good as the best, to 100, no worse than the worst. 25 lets the best quarter go on.</param>
    /// <param name="options">When it looks; null: the defaults.</param>
    /// <remarks>
    /// Each trial is looked at once a step. All others that came to the step count, those that were stopped later too. The first report at or
    /// after a step counts for it. Equal values go on.
    /// </remarks>
    public static T UsePercentileRule<T>(this T study, double percentile, PercentileRuleOptions? options = null) where T : StudyBuilder
    {
        var with = options ?? new PercentileRuleOptions();
        return study
            .Demand(percentile is >= 0 and <= 100, FormattableString.Invariant($"the percentile {percentile} must be from 0 to 100; 25 lets the best quarter go on, 50 the better half."))
            .Demand(with.GraceSteps >= 0, FormattableString.Invariant($"the percentile rule's GraceSteps {with.GraceSteps} must be 0 or more; 0 judges from the first step on."))
            .Demand(with.MinTrials >= 1, FormattableString.Invariant($"the percentile rule's MinTrials {with.MinTrials} must be at least 1; nobody can be compared with none."))
            .Demand(with.Interval >= 1, FormattableString.Invariant($"the percentile rule's Interval {with.Interval} must be at least 1; 1 looks at every step."))
            .WithRule(() => new PercentileRule(percentile, with));
    }

    /// <summary>Stops a trial whose best value so far is worse than the median of what the others' best was at the same step (as Optuna's, after Vizier's).</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">When it looks; null: the defaults.</param>
    /// <inheritdoc cref="UsePercentileRule{T}(T, double, PercentileRuleOptions)" path="/remarks"/>
    public static T UseMedianRule<T>(this T study, PercentileRuleOptions? options = null) where T : StudyBuilder => study.UsePercentileRule(50, options);

    private static T WithRule<T>(this T study, Func<ITrialRule> rule) where T : StudyBuilder
    {
        study.Settings.Rules.Add(rule);
        return study;
    }
}
