using AutoTune.Execution;

namespace AutoTune.MLNet;

/// <summary>Evaluates a configuration of a pipeline fold by fold: fits it on each split, reports the mean after each, returns it at the end.</summary>
/// <remarks>Folds that are behind a trial that pauses or is stopped are kept in its artifact folder: the study itself knows their means alone. Thread-safe.</remarks>
internal sealed class PipelineObjective(SplitEvaluation evaluation) : IObjective
{
    public ValueTask<TrialValues> EvaluateAsync(ITrialContext trial, CancellationToken cancellationToken) => new(Evaluate(trial, cancellationToken));

    private TrialValues Evaluate(ITrialContext trial, CancellationToken cancellationToken)
    {
        var folds = FoldResult.Load(trial);
        while (folds.Count < evaluation.Count && (trial.Budget is not { } budget || folds.Count < budget))
        {
            folds.Add(evaluation.Evaluate(trial, folds.Count, step: 1, cancellationToken));
            if (folds.Count <= trial.ResumeAfterStep) continue; // reported before the pause, its checkpoint was lost
            if (trial.Report(folds.Count, folds.Average(fold => fold.Value)).IsContinue) continue;
            FoldResult.Save(trial, folds);
            break;
        }

        return FoldResult.Summary(folds);
    }
}
