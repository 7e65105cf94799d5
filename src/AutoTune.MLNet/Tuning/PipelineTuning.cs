using AutoTune.MLNet;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune;

/// <summary>Describes the tuning of a pipeline: begin with its task, such as <see cref="Regression"/>; then every verb of a study goes.</summary>
/// <remarks>
/// Unless said otherwise: five folds, the same for every trial; the task's usual metric; a portfolio of tuners. The defaults of all trainers are
/// always tried first.
/// Not thread-safe.
/// </remarks>
public class PipelineTuning : StudyBuilder
{
    internal PipelineTuning(string name) : base(name) => Evaluation = new EvaluationSettings();

    private protected PipelineTuning(PipelineTuning same) : base(same) => Evaluation = same.Evaluation;

    internal EvaluationSettings Evaluation { get; }

    /// <summary>A number is predicted. By default R squared is maximised.</summary>
    /// <param name="labelColumnName">The label, a float in the data or made by the pipeline.</param>
    /// <param name="scoreColumnName">The prediction.</param>
    public PipelineTuning<RegressionMetrics> Regression(string labelColumnName = "Label", string scoreColumnName = "Score")
        => Task(new LabelRule(labelColumnName, LabelKind.Number), null,
            (ml, predictions) => ml.Regression.Evaluate(predictions, labelColumnName, scoreColumnName)).Maximize(metrics => metrics.RSquared);

    /// <summary>One of two classes is predicted. By default the area under the ROC curve is maximised.</summary>
    /// <param name="labelColumnName">The label, a bool in the data or made by the pipeline.</param>
    /// <param name="scoreColumnName">The score.</param>
    /// <param name="predictedLabelColumnName">The predicted class.</param>
    /// <remarks>Metrics of probabilities, such as log-loss, are found at <see cref="CalibratedBinaryClassification"/>.</remarks>
    public PipelineTuning<BinaryClassificationMetrics> BinaryClassification(string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel")
        => Task(new LabelRule(labelColumnName, LabelKind.Boolean), null, (ml, predictions) => ml.BinaryClassification.EvaluateNonCalibrated(
                predictions, labelColumnName, scoreColumnName, predictedLabelColumnName)).Maximize(metrics => metrics.AreaUnderRocCurve);

    /// <summary>The probability of one of two classes is predicted. By default the log-loss is minimised.</summary>
    /// <param name="labelColumnName">The label, a bool in the data or made by the pipeline.</param>
    /// <param name="scoreColumnName">The score.</param>
    /// <param name="probabilityColumnName">The probability; a trainer that gives none, such as FastForest, needs a calibrator behind it.</param>
    /// <param name="predictedLabelColumnName">The predicted class.</param>
    public PipelineTuning<CalibratedBinaryClassificationMetrics> CalibratedBinaryClassification(string labelColumnName = "Label",
        string scoreColumnName = "Score", string probabilityColumnName = "Probability", string predictedLabelColumnName = "PredictedLabel")
        => Task(new LabelRule(labelColumnName, LabelKind.Boolean),
            (probabilityColumnName, "use a trainer that gives probabilities, append a calibrator (ml.BinaryClassification.Calibrators.Platt), or say BinaryClassification"),
            (ml, predictions) => ml.BinaryClassification.Evaluate(predictions, labelColumnName, scoreColumnName, probabilityColumnName, predictedLabelColumnName))
            .Minimize(metrics => metrics.LogLoss);

    /// <summary>One of several classes is predicted. By default the micro-accuracy, the share of right predictions, is maximised.</summary>
    /// <param name="labelColumnName">The label, a key that the pipeline makes (<c>MapValueToKey</c>).</param>
    /// <param name="scoreColumnName">The scores of the classes.</param>
    /// <param name="predictedLabelColumnName">The predicted class, as a key.</param>
    public PipelineTuning<MulticlassClassificationMetrics> MulticlassClassification(string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel")
        => Task(new LabelRule(labelColumnName, LabelKind.Key), null, (ml, predictions) => ml.MulticlassClassification.Evaluate(
                predictions, labelColumnName, scoreColumnName, predictedLabelColumnName: predictedLabelColumnName)).Maximize(metrics => metrics.MicroAccuracy);

    /// <summary>Rows of a group are ordered. By default the NDCG of the first ten is maximised. Rows of a group are kept in one fold.</summary>
    /// <param name="labelColumnName">The relevance.</param>
    /// <param name="rowGroupColumnName">The group, as a key.</param>
    /// <param name="scoreColumnName">The score.</param>
    public PipelineTuning<RankingMetrics> Ranking(string labelColumnName = "Label", string rowGroupColumnName = "GroupId", string scoreColumnName = "Score")
    {
        if (Evaluation.Resampling is Resampling.CrossValidation folds) Evaluation.Resampling = folds with { GroupColumn = rowGroupColumnName };
        return Task(new LabelRule(labelColumnName, LabelKind.Any), null,
                (ml, predictions) => ml.Ranking.Evaluate(predictions, labelColumnName, rowGroupColumnName, scoreColumnName))
            .Maximize(metrics => metrics.NormalizedDiscountedCumulativeGains[^1], "NDCG");
    }

    /// <summary>Rows are put into clusters. By default the average distance to the cluster's centre is minimised.</summary>
    /// <param name="featureColumnName">The features.</param>
    /// <param name="scoreColumnName">The distances to the clusters.</param>
    public PipelineTuning<ClusteringMetrics> Clustering(string featureColumnName = "Features", string scoreColumnName = "Score")
        => Task(null, null, (ml, predictions) => ml.Clustering.Evaluate(predictions, scoreColumnName: scoreColumnName, featureColumnName: featureColumnName))
            .Minimize(metrics => metrics.AverageDistance);

    /// <summary>Unusual rows are found. By default the area under the ROC curve is maximised.</summary>
    /// <param name="labelColumnName">The label of the rows that are evaluated: whether they are unusual.</param>
    /// <param name="scoreColumnName">The score.</param>
    public PipelineTuning<AnomalyDetectionMetrics> AnomalyDetection(string labelColumnName = "Label", string scoreColumnName = "Score")
        => Task(new LabelRule(labelColumnName, LabelKind.Any), null, (ml, predictions) => ml.AnomalyDetection.Evaluate(predictions, labelColumnName, scoreColumnName))
            .Maximize(metrics => metrics.AreaUnderRocCurve);

    /// <summary>A task of your own: say what is measured on predictions; then say which of it counts.</summary>
    /// <param name="evaluate">Measures predictions. Public properties of type double are kept with each trial.</param>
    public PipelineTuning<TMetrics> MeasuredBy<TMetrics>(Func<MLContext, IDataView, TMetrics> evaluate)
    {
        ArgumentNullException.ThrowIfNull(evaluate);
        return Task(null, null, evaluate);
    }

    /// <summary>A metric of your own, higher is better, without one of ML.NET's tasks.</summary>
    /// <param name="name">Its name, for people.</param>
    /// <param name="metric">Its value on predictions.</param>
    public PipelineTuning<double> Maximize(string name, Func<MLContext, IDataView, double> metric) => MeasuredBy(metric).Maximize(value => value, name);

    /// <summary>A metric of your own, lower is better, without one of ML.NET's tasks.</summary>
    /// <param name="name">Its name, for people.</param>
    /// <param name="metric">Its value on predictions.</param>
    public PipelineTuning<double> Minimize(string name, Func<MLContext, IDataView, double> metric) => MeasuredBy(metric).Minimize(value => value, name);

    private PipelineTuning<TMetrics> Task<TMetrics>(LabelRule? label, (string Column, string Remedy)? needs, Func<MLContext, IDataView, TMetrics> evaluate)
    {
        Evaluation.Label = label;
        Evaluation.Needs = needs;
        Evaluation.Measure = null;
        return new PipelineTuning<TMetrics>(this, evaluate);
    }
}
