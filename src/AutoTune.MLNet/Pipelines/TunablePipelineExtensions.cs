using AutoTune.MLNet;
using Microsoft.ML;

namespace AutoTune;

/// <summary>Puts parts that can be tuned behind ML.NET's estimators.</summary>
public static class TunablePipelineExtensions
{
    /// <summary>This estimator with a part that can be tuned behind it.</summary>
    public static TunablePipeline AppendTunable(this IEstimator<ITransformer> start, TunablePipeline next) => Begin(start).AppendTunable(next);

    /// <summary>This estimator with a part of your own behind it: declare its hyperparameters, and give what makes its estimator of a configuration.</summary>
    /// <param name="start">What comes before. It keeps the context that it was made with.</param>
    /// <param name="declare">
    /// Such as <c>space => { var k = space.AddInteger("k", 1, 9); return (ml, configuration) => MyEstimator(ml, configuration.Get(k)); }</c>.
    /// </param>
    public static TunablePipeline AppendTunable(this IEstimator<ITransformer> start,
        Func<SearchSpaceBuilder, Func<MLContext, Configuration, IEstimator<ITransformer>>> declare)
        => Begin(start).AppendTunable(declare);

    private static TunablePipeline Begin(IEstimator<ITransformer> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        return new TunablePipeline(PipelineStep.Of(start));
    }
}
