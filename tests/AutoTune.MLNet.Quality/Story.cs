using System.Globalization;
using System.Text;
using Microsoft.ML.Data;

namespace AutoTune.MLNet.Quality;

/// <summary>A study told trial by trial: its folds, and why it ended.</summary>
internal static class Story
{
    public static string Of(TunedModel<RegressionMetrics> tuned)
    {
        var text = new StringBuilder();
        foreach (var trial in tuned.Study.View.Trials)
        {
            var end = trial.Outcome switch
            {
                TrialOutcome.Completed => trial.Id == tuned.Study.Best.Id ? "the best" : "completed",
                TrialOutcome.Stopped stopped => $"stopped, {stopped.Reason}",
                TrialOutcome.Failed failed => $"failed, {failed.Error}",
                _ => trial.State.ToString(),
            };
            var mean = trial.LastReport is { } last ? tuned.Study.View.Goal.Flip(last.Loss) : double.NaN;
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{trial.Id.Number,3}  {trial.Reports.Count} folds  mean {mean,8:F0}  [{string.Join(' ', tuned.FoldValues(trial).Select(value => value.ToString("F0", CultureInfo.InvariantCulture)))}]  {end}"));
        }

        return text.ToString();
    }
}
