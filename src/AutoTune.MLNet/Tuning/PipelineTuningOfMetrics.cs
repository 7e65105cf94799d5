using System.Runtime.CompilerServices;
using AutoTune.MLNet;
using Microsoft.ML;

namespace AutoTune;

/// <summary>Describes the tuning of a pipeline whose task is known: which of its metrics counts, and every verb of a study.</summary>
/// <typeparam name="TMetrics">ML.NET's metrics of the task.</typeparam>
public sealed class PipelineTuning<TMetrics> : PipelineTuning
{
    internal PipelineTuning(PipelineTuning same, Func<MLContext, IDataView, TMetrics> evaluate) : base(same) => Evaluate = evaluate;

    internal Func<MLContext, IDataView, TMetrics> Evaluate { get; }

    /// <summary>A metric of which more is better, averaged over the folds.</summary>
    /// <param name="metric">Such as <c>metrics => metrics.RSquared</c>, or anything computed from them.</param>
    /// <param name="name">Its name, for people; taken from the expression.</param>
    public PipelineTuning<TMetrics> Maximize(Func<TMetrics, double> metric, [CallerArgumentExpression(nameof(metric))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(metric);
        return Counts((_, _, metrics) => metric(metrics)).Maximize<PipelineTuning<TMetrics>>(MetricName.Of(name));
    }

    /// <summary>A metric of which less is better, averaged over the folds.</summary>
    /// <param name="metric">Such as <c>metrics => metrics.RootMeanSquaredError</c>, or anything computed from them.</param>
    /// <param name="name">Its name, for people; taken from the expression.</param>
    public PipelineTuning<TMetrics> Minimize(Func<TMetrics, double> metric, [CallerArgumentExpression(nameof(metric))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(metric);
        return Counts((_, _, metrics) => metric(metrics)).Minimize<PipelineTuning<TMetrics>>(MetricName.Of(name));
    }

    /// <summary>A metric by its name, higher is better: a property of the task's metrics.</summary>
    public PipelineTuning<TMetrics> Maximize(string name) => Named(name).Maximize<PipelineTuning<TMetrics>>(name);

    /// <summary>A metric by its name, lower is better: a property of the task's metrics.</summary>
    public PipelineTuning<TMetrics> Minimize(string name) => Named(name).Minimize<PipelineTuning<TMetrics>>(name);

    /// <summary>A metric of your own on predictions, higher is better; the task's metrics are kept beside it.</summary>
    /// <param name="name">Its name, for people.</param>
    /// <param name="metric">Its value on the predictions of a fold.</param>
    public new PipelineTuning<TMetrics> Maximize(string name, Func<MLContext, IDataView, double> metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return Counts((ml, predictions, _) => metric(ml, predictions)).Maximize<PipelineTuning<TMetrics>>(name);
    }

    /// <summary>A metric of your own on predictions, lower is better; the task's metrics are kept beside it.</summary>
    /// <param name="name">Its name, for people.</param>
    /// <param name="metric">Its value on the predictions of a fold.</param>
    public new PipelineTuning<TMetrics> Minimize(string name, Func<MLContext, IDataView, double> metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return Counts((ml, predictions, _) => metric(ml, predictions)).Minimize<PipelineTuning<TMetrics>>(name);
    }

    private PipelineTuning<TMetrics> Named(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (TaskMeasure<TMetrics>.Named(name) is { } metric) return Counts((_, _, metrics) => metric(metrics));
        return this.Demand(false, $"metric '{name}' is none of {typeof(TMetrics).Name}; {Nearest.Suggest(name, TaskMeasure<TMetrics>.Names)}");
    }

    private PipelineTuning<TMetrics> Counts(Func<MLContext, IDataView, TMetrics, double> value)
    {
        Evaluation.Measure = new TaskMeasure<TMetrics>(Evaluate, value);
        return this;
    }
}

/// <summary>A name for people from an expression.</summary>
internal static class MetricName
{
    /// <summary><c>metrics => metrics.RSquared</c> is "RSquared"; anything else is what stands behind the arrow.</summary>
    public static string Of(string expression)
    {
        var arrow = expression.IndexOf("=>", StringComparison.Ordinal);
        if (arrow < 0) return string.IsNullOrWhiteSpace(expression) ? "metric" : expression.Trim();
        var parameter = expression[..arrow].Trim(' ', '(', ')');
        var body = expression[(arrow + 2)..].Trim();
        return body.StartsWith(parameter + ".", StringComparison.Ordinal) && body[(parameter.Length + 1)..].All(char.IsLetterOrDigit)
            ? body[(parameter.Length + 1)..]
            : body;
    }
}
