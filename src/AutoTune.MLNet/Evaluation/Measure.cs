using System.Reflection;
using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>How good predictions are.</summary>
internal abstract class Measure
{
    /// <summary>The value of the goal's metric, and every other figure of the task by name.</summary>
    public abstract double Of(MLContext context, IDataView predictions, IDictionary<string, double> figures);
}

/// <summary>A metric of a task.</summary>
/// <param name="evaluate">The task's metrics of some predictions.</param>
/// <param name="value">The one that counts.</param>
internal sealed class TaskMeasure<TMetrics>(Func<MLContext, IDataView, TMetrics> evaluate, Func<MLContext, IDataView, TMetrics, double> value) : Measure
{
    private static readonly PropertyInfo[] Figures =
    [
        .. typeof(TMetrics).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.PropertyType == typeof(double) && property.GetIndexParameters().Length == 0),
    ];

    public override double Of(MLContext context, IDataView predictions, IDictionary<string, double> figures)
    {
        var metrics = evaluate(context, predictions);
        foreach (var figure in Figures) figures[figure.Name] = (double)figure.GetValue(metrics)!;
        return value(context, predictions, metrics);
    }

    /// <summary>The metric that is a property of the task's metrics; null if there is none of this name.</summary>
    public static Func<TMetrics, double>? Named(string name)
        => Figures.FirstOrDefault(figure => figure.Name == name) is { } found ? metrics => (double)found.GetValue(metrics)! : null;

    /// <summary>The names of the task's metrics.</summary>
    public static IReadOnlyList<string> Names => [.. Figures.Select(figure => figure.Name)];
}
