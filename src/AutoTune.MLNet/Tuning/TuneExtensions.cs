using AutoTune.MLNet;
using Microsoft.ML;

namespace AutoTune;

/// <summary>Tunes ML.NET pipelines.</summary>
public static class TuneExtensions
{
    /// <summary>Searches the pipeline's space for the configuration that does best, and fits it on all the training data.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="ml">Your context: its seed is the study's unless <c>WithSeed</c> says otherwise, its settings are taken over by the fresh context of each fit.</param>
    /// <param name="trainSet">The training data. It is read once into memory; the search, its folds and validation parts included, sees nothing else.</param>
    /// <param name="describe">
    /// Task, metric, evaluation, tuner and limits: <c>tuning => tuning.Regression("Price").CrossValidate(folds: 5).UseBayesian().ForTrials(60)</c>.
    /// </param>
    /// <param name="name">The study's name, by which <c>SaveTo</c> finds it again; by default what is tuned and the size of the data.</param>
    /// <param name="cancellationToken">Stops running fits and gives the best so far; its model is then fitted when it is first asked for.</param>
    /// <exception cref="StudyDefinitionException">Something is wrong with the description, the pipeline or the data; all problems are listed, no trial was begun.</exception>
    /// <exception cref="StudyFailedException">Every trial failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before any trial completed.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be read.</exception>
    public static async Task<TunedModel<TMetrics>> TuneAsync<TMetrics>(this TunablePipeline pipeline, MLContext ml, IDataView trainSet,
        Func<PipelineTuning, PipelineTuning<TMetrics>> describe, string? name = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(trainSet);
        ArgumentNullException.ThrowIfNull(describe);
        // Off the caller's thread: data are read and models are fitted synchronously.
        return await Task.Run(() => PipelineStudy.RunAsync(pipeline, ml, trainSet, describe, name, cancellationToken), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Searches the pipeline's space for the configuration that does best, and fits it on all the training data.</summary>
    /// <inheritdoc cref="TuneAsync{TMetrics}(TunablePipeline, MLContext, IDataView, Func{PipelineTuning, PipelineTuning{TMetrics}}, string?, CancellationToken)"/>
    public static Task<TunedModel<TMetrics>> TuneAsync<TMetrics>(this MLContext ml, TunablePipeline pipeline, IDataView trainSet,
        Func<PipelineTuning, PipelineTuning<TMetrics>> describe, string? name = null, CancellationToken cancellationToken = default)
        => pipeline.TuneAsync(ml, trainSet, describe, name, cancellationToken);
}
