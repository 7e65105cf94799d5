using AutoTune.Execution;

namespace AutoTune.MLNet;

/// <summary>Evaluates a configuration of a pipeline on the share of rows or trees that its budget allows, and reports the mean over that step's folds.</summary>
/// <remarks>A trial that goes on after a pause is fitted anew, on more: no model of ML.NET that grows trees can go on growing. Thread-safe.</remarks>
internal sealed class GrowingObjective(SplitEvaluation evaluation, Growth growth) : IObjective
{
    public ValueTask<TrialValues> EvaluateAsync(ITrialContext trial, CancellationToken cancellationToken) => new(Evaluate(trial, cancellationToken));

    private TrialValues Evaluate(ITrialContext trial, CancellationToken cancellationToken)
    {
        var step = Math.Clamp(trial.Budget ?? growth.Steps, 1, growth.Steps);
        List<FoldResult> folds = [];
        while (folds.Count < growth.FoldsAt(step, evaluation.Count)) folds.Add(evaluation.Evaluate(trial, folds.Count, step, cancellationToken));
        // A trial that was interrupted after this step's report says nothing new.
        if (step > trial.ResumeAfterStep && !trial.Report(step, folds.Average(fold => fold.Value)).IsContinue) FoldResult.Save(trial, folds);
        return FoldResult.Summary(folds);
    }
}
