using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AutoTune.MLNet;
using Microsoft.ML;

namespace AutoTune;

/// <summary>What the tuning of a pipeline gave: the model, its configuration, and the study behind it.</summary>
/// <typeparam name="TMetrics">ML.NET's metrics of the task.</typeparam>
/// <remarks>Thread-safe.</remarks>
public sealed class TunedModel<TMetrics>
{
    private readonly Refit _refit;
    private readonly bool _isFoldByFold;
    private readonly Func<ITransformer, IDataView, TMetrics> _evaluate;

    internal TunedModel(StudyResult study, Refit refit, bool isFoldByFold, Func<ITransformer, IDataView, TMetrics> evaluate)
    {
        Study = study;
        _refit = refit;
        _isFoldByFold = isFoldByFold;
        _evaluate = evaluate;
    }

    /// <summary>
    /// The whole pipeline with the best configuration, fitted on all the training data in a fresh context. If the tuning was cancelled it is fitted
    /// when first asked for, which then takes as long as one fit.
    /// </summary>
    public ITransformer Model => _refit.Model(CancellationToken.None);

    /// <summary>The pipeline with another configuration, such as <c>Study.View.Space.Default</c>, fitted on all the training data like <see cref="Model"/>.</summary>
    /// <param name="configuration">A configuration of the study's space.</param>
    /// <param name="cancellationToken">Stops the fit.</param>
    public ITransformer Fit(Configuration configuration, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return _refit.Fit(configuration, cancellationToken);
    }

    /// <summary>The best configuration.</summary>
    public Configuration Configuration => _refit.Configuration;

    /// <summary>The study: every trial, why it ended, warnings.</summary>
    public StudyResult Study { get; }

    /// <summary>The best value of the metric that counts, on the folds or the validation data.</summary>
    public double BestValue => Study.BestValue;

    /// <summary>The value of the trainers' defaults, on the same folds or validation data; null if they were not tried or failed.</summary>
    public double? DefaultsValue
        => Study.View.Trials.FirstOrDefault(trial => trial.Loss is not null && trial.Configuration.Equals(Study.View.Space.Default))?.Loss is { } loss
            ? Study.View.Goal.Flip(loss)
            : null;

    /// <summary>
    /// The value of the metric that counts on each fold that a trial was evaluated on, in the folds' order, which is the same for all trials: so two
    /// trials can be compared fold by fold, also one that was stopped early. Empty where a step is not a fold (<c>GrowSamples</c>, <c>GrowTrees</c>).
    /// </summary>
    /// <param name="trial">A trial of the study.</param>
    public ImmutableArray<double> FoldValues(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return _isFoldByFold ? FoldResult.ValuesOf(trial, Study.View.Goal) : [];
    }

    /// <summary>The best trials, best first.</summary>
    /// <param name="count">How many at most; 10 by default.</param>
    public Leaderboard Leaderboard(int count = 10) => AutoTune.Leaderboard.Of(Study.View, count);

    /// <summary>The task's metrics of the model on data that the search has not seen.</summary>
    public TMetrics Evaluate(IDataView testSet)
    {
        ArgumentNullException.ThrowIfNull(testSet);
        return _evaluate(Model, testSet);
    }

    /// <summary>A few lines for people: what was reached against the defaults, by which configuration, and why it ended.</summary>
    public override string ToString()
    {
        var view = Study.View;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{view.Goal.Metric} {BestValue:G5} on validation");
        if (DefaultsValue is { } defaults) text.Append(CultureInfo.InvariantCulture, $", defaults {defaults:G5}");
        text.AppendLine(CultureInfo.InvariantCulture, $"; {view.FinishedCount} trials, the best was number {Study.Best.Id.Number}; ended because {Study.StopReason}.");
        foreach (var value in Configuration.Values) text.AppendLine(CultureInfo.InvariantCulture, $"  {value.Hyperparameter.Name} = {Leader.Shown(value)}");
        foreach (var warning in Study.Warnings) text.AppendLine(CultureInfo.InvariantCulture, $"Warning: {warning}");
        return text.ToString().TrimEnd();
    }
}
