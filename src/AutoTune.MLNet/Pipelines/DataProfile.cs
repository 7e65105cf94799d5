using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet;

/// <summary>What trainers' defaults depend on.</summary>
/// <param name="Rows">Rows of the training data.</param>
/// <param name="Classes">Finds the number of classes of a label column, which the pipeline may make; null if that cannot be told.</param>
internal sealed record DataProfile(long Rows, Func<string, int?> Classes)
{
    public static DataProfile Of(CachedData data, TunablePipeline pipeline) => new(data.Rows, label => ClassesOf(label, data, pipeline));

    private static int? ClassesOf(string label, CachedData data, TunablePipeline pipeline)
    {
        if (data.View.Schema.GetColumnOrNull(label) is not null)
            return ColumnValues.Read(data.View, label)?.Where(code => !double.IsNaN(code)).Distinct().Count();
        try
        {
            // The pipeline makes the label, usually by its first steps: fit those that nothing can change.
            var view = data.View;
            var build = new StepBuild(new MLContext(0), SearchSpace.Empty.Default, Threads: 1);
            foreach (var step in pipeline.Steps.TakeWhile(step => step.IsFixed))
            {
                view = step.Declare(new SearchSpaceBuilder(), new DataProfile(data.Rows, _ => null))(build).Fit(view).Transform(view);
                if (view.Schema.GetColumnOrNull(label)?.Type is KeyDataViewType key) return (int)Math.Min(key.Count, int.MaxValue);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Only a default depends on this; what is wrong with the pipeline is reported when it is checked.
        }

        return null;
    }
}
