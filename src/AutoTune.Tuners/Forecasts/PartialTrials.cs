using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Forecasts;

/// <summary>Trials that were ended before their last step, or are not over, as a model is to see them.</summary>
internal static class PartialTrials
{
    /// <summary>The trials, those that did not complete with the loss that is to be expected of them at the last step, by <see cref="StepForecast"/>.</summary>
    /// <param name="trials">In the order of the study.</param>
    public static List<Observation> AtTheLastStep(List<Observation> trials)
    {
        if (!trials.Exists(IsPartial) || StepForecast.Of(trials.ConvertAll(trial => trial.Reports)) is not { } forecast) return trials;
        return trials.ConvertAll(trial =>
        {
            if (!IsPartial(trial)) return trial;
            var (loss, deviation) = forecast.Forecast(trial.Reports[^1].Step, trial.Loss);
            return double.IsFinite(loss) ? trial with { Loss = loss, Drift = deviation } : trial;
        });
    }

    /// <summary>Where trials stand, those that were stopped by the loss that is to be expected of them at the last step.</summary>
    /// <param name="trials">In the order of the study.</param>
    public static List<Standing> Standings(List<Trial> trials)
    {
        var standings = trials.ConvertAll(Standing.Of);
        if (!trials.Exists(trial => trial.Outcome is TrialOutcome.Stopped) || StepForecast.Of(trials.ConvertAll(trial => trial.Reports)) is not { } forecast) return standings;
        for (var i = 0; i < standings.Count; i++)
        {
            if (trials[i].Outcome is TrialOutcome.Stopped && standings[i].HasLoss) standings[i] = standings[i] with { Loss = forecast.Forecast(trials[i].LastReport!.Value.Step, standings[i].Loss).Loss };
        }

        return standings;
    }

    private static bool IsPartial(Observation trial) => !trial.IsFinal && !trial.Reports.IsEmpty && double.IsFinite(trial.Loss);
}
