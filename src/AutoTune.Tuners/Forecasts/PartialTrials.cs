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

    private static bool IsPartial(Observation trial) => !trial.IsFinal && !trial.Reports.IsEmpty && double.IsFinite(trial.Loss);
}
