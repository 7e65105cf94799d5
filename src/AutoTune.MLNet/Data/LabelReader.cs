using System.Collections.Immutable;
using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>Reads a label before anything is tuned: from the data, or as the fixed steps at the pipeline's beginning make it.</summary>
/// <remarks>Those steps are fitted on all rows only to read the label; nothing else of that fit is kept. Not thread-safe.</remarks>
internal sealed class LabelReader(CachedData data, TunablePipeline pipeline)
{
    private readonly SortedDictionary<string, ImmutableArray<double>?> _read = new(StringComparer.Ordinal);

    /// <summary>Whether the column is one of the data's own.</summary>
    public bool IsInData(string column) => data.View.Schema.GetColumnOrNull(column) is not null;

    /// <summary>A value a row, as <see cref="ColumnValues"/> reads them; null if a step that can be tuned makes it, or it cannot be told.</summary>
    public ImmutableArray<double>? Read(string column)
    {
        if (!_read.TryGetValue(column, out var values)) _read[column] = values = IsInData(column) ? ColumnValues.Read(data.View, column) : ReadMade(column);
        return values;
    }

    /// <summary>How many different values it has; null if it cannot be read.</summary>
    public int? Classes(string column) => Read(column)?.Where(code => !double.IsNaN(code)).Distinct().Count();

    private ImmutableArray<double>? ReadMade(string column)
    {
        try
        {
            using var fitted = new FittedPipeline();
            var view = data.View;
            foreach (var (estimator, owns) in StepsThatMake(column))
            {
                var transformer = estimator.Fit(view);
                fitted.Add(transformer, owns);
                view = transformer.Transform(view);
            }

            if (view.Schema.GetColumnOrNull(column) is null) return null;
            return ColumnValues.Read(view, column) is { } values && values.Length == data.Rows ? values : null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return null; // what is wrong with the pipeline is reported when it is checked
        }
    }

    /// <summary>The fixed steps up to the one that makes the column; none if they do not, so that nothing is fitted in vain.</summary>
    private List<(IEstimator<ITransformer> Estimator, bool Owns)> StepsThatMake(string column)
    {
        List<(IEstimator<ITransformer>, bool)> steps = [];
        var shape = MlContextInternals.ShapeOf(data.View.Schema);
        var build = new StepBuild(new MLContext(0), SearchSpace.Empty.Default, Threads: 1);
        foreach (var step in pipeline.Steps.TakeWhile(step => step.IsFixed && shape is not null))
        {
            var estimator = step.Declare(new SearchSpaceBuilder(), new DataProfile(data.Rows, _ => null))(build);
            steps.Add((estimator, step.OwnsTransformer));
            shape = estimator.GetOutputSchema(shape!);
            if (shape.Any(made => made.Name == column)) return steps;
        }

        return [];
    }
}
