using System.Collections.Immutable;
using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Forecasts;

/// <summary>Trials that were ended before their last step, or are not over, as a model is to see them.</summary>
/// <remarks>By <see cref="RepeatForecast"/> where steps are repeats, once two trials had them all; by <see cref="StepForecast"/> else.</remarks>
internal static class PartialTrials
{
    /// <summary>The trials, those that did not complete with the loss that is to be expected of them at the last step.</summary>
    /// <param name="trials">In the order of the study.</param>
    /// <param name="steps">What their steps are, if that was said.</param>
    public static List<Observation> AtTheLastStep(List<Observation> trials, TrialSteps? steps)
    {
        if (!trials.Exists(IsPartial)) return trials;
        var forecast = Forecast(trials.ConvertAll(trial => trial.Reports), steps);
        return trials.ConvertAll(trial => IsPartial(trial) && forecast(trial.Reports[^1].Step, trial.Loss) is { } last && double.IsFinite(last.Loss)
            ? trial with { Loss = last.Loss, Drift = last.Drift, Chance = last.Chance } : trial);
    }

    /// <summary>Where trials stand, those that were stopped by the loss that is to be expected of them at the last step.</summary>
    /// <param name="trials">In the order of the study.</param>
    /// <param name="steps">What their steps are, if that was said.</param>
    public static List<Standing> Standings(List<Trial> trials, TrialSteps? steps)
    {
        var standings = trials.ConvertAll(Standing.Of);
        if (!trials.Exists(trial => trial.Outcome is TrialOutcome.Stopped)) return standings;
        var forecast = Forecast(trials.ConvertAll(trial => trial.Reports), steps);
        for (var i = 0; i < standings.Count; i++)
        {
            if (trials[i].Outcome is TrialOutcome.Stopped && standings[i].HasLoss && forecast(trials[i].LastReport!.Value.Step, standings[i].Loss) is { } last)
                standings[i] = standings[i] with { Loss = last.Loss };
        }

        return standings;
    }

    // From a step and the loss there to the loss that is expected at the last one, with what may still drift and what is chance; null if nothing is known.
    private static Func<int, double, (double Loss, double Drift, double Chance)?> Forecast(List<ImmutableList<TrialReport>> curves, TrialSteps? steps)
    {
        var repeats = steps is { Kind: StepKind.Repeats } ? RepeatForecast.Of(curves, steps.Count) : null;
        var drifting = new Lazy<StepForecast?>(() => StepForecast.Of(curves));
        return (step, loss) =>
        {
            if (repeats?.Forecast(step, loss) is { } whole) return (whole.Loss, 0, whole.Deviation);
            return drifting.Value?.Forecast(step, loss) is { } last ? (last.Loss, last.Deviation, 0) : null;
        };
    }

    private static bool IsPartial(Observation trial) => !trial.IsFinal && !trial.Reports.IsEmpty && double.IsFinite(trial.Loss);
}
