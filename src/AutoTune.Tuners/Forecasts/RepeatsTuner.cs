using System.Collections.Immutable;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Forecasts;

/// <summary>
/// Where steps are repeats, tells a tuner that goes by losses alone of a stopped trial as of one that completed with the loss that was to be expected of it:
/// means over some folds and over all of them cannot be put in one order, and what came before anything could be stopped is not better for that.
/// </summary>
/// <remarks>The forecast (<see cref="StepForecast"/>) is that of the time of telling, so what the tuner hears is a fold of the trials in their order. Not thread-safe.</remarks>
internal sealed class RepeatsTuner : ITuner
{
    private readonly ITuner _tuner;
    private readonly List<ImmutableList<TrialReport>> _curves = [];
    private bool _hasRequirements; // then it stays a stopped trial: nobody knows whether it would have met them

    private RepeatsTuner(ITuner tuner) => _tuner = tuner;

    /// <summary>The tuner itself if the steps are no repeats.</summary>
    /// <param name="tuner">A tuner.</param>
    /// <param name="steps">What the steps are, if that was said.</param>
    public static ITuner Over(ITuner tuner, TrialSteps? steps) => steps is { Kind: StepKind.Repeats } ? new RepeatsTuner(tuner) : tuner;

    public Proposal Ask(AskRequest request) => _tuner.Ask(request);

    public void Tell(Trial trial)
    {
        if (!trial.Reports.IsEmpty) _curves.Add(trial.Reports);
        _hasRequirements |= !trial.Violations.IsEmpty;
        if (!_hasRequirements && trial is { Outcome: TrialOutcome.Stopped, LastReport: { } last } && StepForecast.Of(_curves)?.Forecast(last.Step, last.Loss).Loss is { } expected && double.IsFinite(expected))
            trial = trial with { Outcome = new TrialOutcome.Completed(expected, ImmutableSortedDictionary<string, double>.Empty) };
        _tuner.Tell(trial);
    }
}
