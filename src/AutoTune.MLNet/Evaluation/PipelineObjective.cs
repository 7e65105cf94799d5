using System.Collections.Immutable;
using AutoTune.Execution;
using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>Evaluates a configuration of a pipeline: fits it on each split, reports the mean after each, returns it at the end.</summary>
/// <remarks>Nothing of a trial outlives it: each fit has its context, and its models are disposed as soon as they are evaluated. Thread-safe.</remarks>
internal sealed class PipelineObjective(
    DeclaredPipeline pipeline, ImmutableArray<TrainingSplit> splits, Measure measure, int threads, FitContexts contexts, TimeProvider time) : IObjective
{
    public ValueTask<TrialValues> EvaluateAsync(ITrialContext trial, CancellationToken cancellationToken) => new(Evaluate(trial, cancellationToken));

    private TrialValues Evaluate(ITrialContext trial, CancellationToken cancellationToken)
    {
        var folds = FoldResult.Load(trial);
        while (folds.Count < splits.Length && (trial.Budget is not { } budget || folds.Count < budget))
        {
            folds.Add(EvaluateFold(trial, folds.Count, cancellationToken));
            if (folds.Count <= trial.ResumeAfterStep) continue; // reported before the pause, its checkpoint was lost
            var directive = trial.Report(folds.Count, folds.Average(fold => fold.Value));
            if (directive.Action == DirectiveAction.Pause) FoldResult.Save(trial, folds);
            if (!directive.IsContinue) break;
        }

        return Summary(folds);
    }

    private FoldResult EvaluateFold(ITrialContext trial, int fold, CancellationToken cancellationToken)
        => contexts.Run(trial.Random.Fork("fit", fold).NextSeed(), context =>
        {
            var start = time.GetTimestamp();
            using var fitted = pipeline.Fit(new StepBuild(context, trial.Configuration, threads), splits[fold].Train);
            var seconds = time.GetElapsedTime(start).TotalSeconds;
            var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
            var value = measure.Of(context, fitted.Transform(splits[fold].Validation), figures);
            return new FoldResult(value, seconds, figures);
        }, cancellationToken);

    private static TrialValues Summary(List<FoldResult> folds)
    {
        var mean = folds.Average(fold => fold.Value);
        var figures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        foreach (var name in folds[0].Figures.Keys)
        {
            var average = folds.Average(fold => fold.Figures.GetValueOrDefault(name, double.NaN));
            if (double.IsFinite(average)) figures[name] = average;
        }

        if (folds.Count > 1) figures[TrialFigures.StandardDeviation] = Math.Sqrt(folds.Sum(fold => (fold.Value - mean) * (fold.Value - mean)) / (folds.Count - 1));
        figures[TrialFigures.TrainingSeconds] = folds.Sum(fold => fold.TrainingSeconds);
        return new TrialValues(mean, figures.ToImmutable());
    }
}
