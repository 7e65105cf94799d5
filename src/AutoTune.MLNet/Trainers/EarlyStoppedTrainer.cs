using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>A trainer that holds some rows out of each fit and ends when it no longer does better on them.</summary>
/// <remarks>
/// ML.NET's LightGBM stops early only if it is handed validation data, which a pipeline does not do; without them it fits all of its iterations. Which
/// rows are held out comes from the fit's context, so the same seed holds out the same.
/// </remarks>
/// <param name="build">What it is made of.</param>
/// <param name="trainer">The trainer.</param>
/// <param name="fit">Fits it on the first data until it does no better on the second.</param>
/// <param name="share">The share of rows to hold out.</param>
internal sealed class EarlyStoppedTrainer(StepBuild build, IEstimator<ITransformer> trainer, Func<IDataView, IDataView, ITransformer> fit, double share)
    : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input)
    {
        var group = build.GroupColumn is { } column && input.Schema.GetColumnOrNull(column) is not null ? column : null;
        var split = build.Context.Data.TrainTestSplit(input, share, group);
        return fit(split.TrainSet, split.TestSet);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => trainer.GetOutputSchema(inputSchema);
}
