using System.Collections.Immutable;

namespace AutoTune.MLNet;

/// <summary>Fits configurations on splits and measures them.</summary>
/// <remarks>Nothing of a fit outlives it: each has its context, and its models are disposed as soon as they are evaluated. Thread-safe.</remarks>
internal sealed class SplitEvaluation(DeclaredPipeline pipeline, ImmutableArray<TrainingSplit> splits, EvaluationSettings settings, FitContexts contexts, TimeProvider time)
{
    /// <summary>How many splits there are.</summary>
    public int Count => splits.Length;

    /// <summary>The result of a trial's configuration on a split; the same whenever it is asked for, but for the seconds.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="fold">Which split, from 0.</param>
    /// <param name="step">How far it has grown, from 1; that of the whole if nothing grows.</param>
    /// <param name="cancellationToken">Stops the fit.</param>
    public FoldResult Evaluate(ITrialContext trial, int fold, int step, CancellationToken cancellationToken)
        => contexts.Run(trial.Random.Fork("fit", fold).NextSeed(), context =>
        {
            var split = splits[fold];
            var isWhole = settings.Growth is not { } growth || step >= growth.Steps;
            var build = new StepBuild(context, trial.Configuration, settings.ThreadsPerTrial) { GroupColumn = settings.Resampling.Groups };
            if (!isWhole && settings.Growth is Growth.Trees trees) build = build with { TreeShare = step / (double)trees.Steps };
            var train = !isWhole && settings.Growth is Growth.Samples ? split.Sample(step) : split.Train;

            var start = time.GetTimestamp();
            using var fitted = pipeline.Fit(build, train);
            var seconds = time.GetElapsedTime(start).TotalSeconds;
            var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
            var value = settings.Measure!.Of(context, fitted.Transform(split.Validation), figures);
            return new FoldResult(value, seconds, figures);
        }, cancellationToken);
}
