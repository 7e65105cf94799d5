using AutoTune.MLNet;
using Microsoft.ML;

namespace AutoTune;

/// <summary>The verbs that say how a pipeline's configurations are evaluated.</summary>
public static class PipelineTuningExtensions
{
    /// <summary>Each configuration is fitted and evaluated on every fold, the same folds for all; its value is the mean. A report a fold lets a scheduler end it early.</summary>
    /// <param name="tuning">The tuning.</param>
    /// <param name="folds">How many folds, 2 or more; 5 by default.</param>
    /// <param name="stratify">
    /// Whether each fold has its share of every label (of low, middle and high ones for a number); by default for classes. The label must be in the
    /// data or made by fixed steps before the first tunable one, which are fitted once to read it; otherwise folds are dealt at random by default, and
    /// true is refused.
    /// </param>
    /// <param name="groupColumn">Rows with the same value in this column stay in one fold: a customer, a day. By default none.</param>
    public static T CrossValidate<T>(this T tuning, int folds = 5, bool? stratify = null, string? groupColumn = null) where T : PipelineTuning
        => tuning.Demand(folds >= 2, $"folds {folds} must be at least 2; to evaluate on one part of the data say HoldOut(0.2), on data of your own ValidateOn(data).")
            .With(evaluation => evaluation.Resampling = new Resampling.CrossValidation(folds, stratify, groupColumn));

    /// <summary>Each configuration is evaluated on a part of the training data, drawn once, and fitted on the rest.</summary>
    /// <param name="tuning">The tuning.</param>
    /// <param name="fraction">The share that is held out, above 0 and below 1; 0.2 by default.</param>
    /// <param name="stratify">Whether it has its share of every label; by default for classes, as for <see cref="CrossValidate"/>.</param>
    /// <param name="groupColumn">Rows with the same value in this column are on one side. By default none.</param>
    public static T HoldOut<T>(this T tuning, double fraction = 0.2, bool? stratify = null, string? groupColumn = null) where T : PipelineTuning
        => tuning.Demand(fraction is > 0 and < 1, FormattableString.Invariant($"the fraction to hold out, {fraction}, must be above 0 and below 1, such as 0.2."))
            .With(evaluation => evaluation.Resampling = new Resampling.HoldOut(fraction, stratify, groupColumn));

    /// <summary>Each configuration is fitted on all the training data and evaluated on these data, which the final model does not learn from either.</summary>
    public static T ValidateOn<T>(this T tuning, IDataView validationData) where T : PipelineTuning
    {
        ArgumentNullException.ThrowIfNull(validationData);
        return tuning.With(evaluation => evaluation.Resampling = new Resampling.ValidationData(validationData));
    }

    /// <summary>
    /// How many threads each trainer may use; 1 by default, which is repeatable and best when trials run side by side. The variables OMP_* of
    /// LightGBM's threads (such as OMP_WAIT_POLICY) and MLNET_MAX_THREAD must be in the environment before the process starts.
    /// </summary>
    public static T WithThreadsPerTrial<T>(this T tuning, int threads) where T : PipelineTuning
        => tuning.Demand(threads >= 1, $"threads per trial {threads} must be at least 1.").With(evaluation => evaluation.ThreadsPerTrial = threads);

    /// <summary>
    /// Each configuration is tried on few rows first: a scheduler that gives budgets, as Hyperband does, decides which go on to more. Step s of n fits on
    /// s/n of the rows that a fit would have and evaluates on all validation rows; with cross-validation on s/n of the folds, rounded up. At step n a
    /// configuration has exactly the value that it has without this verb.
    /// </summary>
    /// <param name="tuning">The tuning.</param>
    /// <param name="steps">n, 2 or more; 9 by default, so that the smallest sample is a ninth.</param>
    /// <remarks>
    /// Samples are drawn once, the same for every trial; each holds the smaller ones. They are stratified or grouped as the folds are, and with stratified
    /// classes each has at least a row of every class. Pays where a fit takes seconds and costs in proportion to its rows. A scheduler without budgets
    /// runs every trial on all rows.
    /// </remarks>
    public static T GrowSamples<T>(this T tuning, int steps = 9) where T : PipelineTuning
        => tuning.Demand(steps >= 2, $"the steps in which samples grow, {steps}, must be at least 2; leave GrowSamples out to fit on all rows at once.")
            .With(evaluation => evaluation.Growth = new Growth.Samples(steps));

    /// <summary>
    /// Each configuration is tried with few trees first: a scheduler that gives budgets, as Hyperband does, decides which go on to more. Step s of n fits
    /// s/n of the trees that the configuration has, rounded up; with cross-validation on s/n of the folds, rounded up. At step n a configuration has
    /// exactly the value that it has without this verb.
    /// </summary>
    /// <param name="tuning">The tuning.</param>
    /// <param name="steps">n, 2 or more; 9 by default.</param>
    /// <remarks>
    /// Only for trainers of <c>Tunable()</c> that are made of trees: LightGbm, FastTree, FastForest; others in the same choice are fitted whole. Each step is a fit
    /// of its own, since ML.NET's tree trainers cannot go on from a model. A boosted model with a low learning rate looks worse with few trees than it
    /// turns out: <see cref="GrowSamples"/> has no such bias.
    /// </remarks>
    public static T GrowTrees<T>(this T tuning, int steps = 9) where T : PipelineTuning
        => tuning.Demand(steps >= 2, $"the steps in which trees grow, {steps}, must be at least 2; leave GrowTrees out to grow all trees at once.")
            .With(evaluation => evaluation.Growth = new Growth.Trees(steps));

    private static T With<T>(this T tuning, Action<EvaluationSettings> change) where T : PipelineTuning
    {
        ArgumentNullException.ThrowIfNull(tuning);
        change(tuning.Evaluation);
        return tuning;
    }
}
