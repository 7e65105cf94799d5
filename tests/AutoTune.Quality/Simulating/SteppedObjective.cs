using AutoTune.Testing;

namespace AutoTune.Quality.Simulating;

/// <summary>A training as the study sees it: reports after each epoch, or once for its share of the data, and keeps to its budget.</summary>
internal sealed class SteppedObjective(LossCurves curves, Ladder ladder) : ISteppedObjective
{
    public IEnumerable<(int Step, double Value)> Steps(TrialId trial, Configuration configuration, int afterStep, int? budget)
    {
        var curve = curves.Of(trial, configuration);
        var last = Math.Min(ladder.Count, budget ?? ladder.Count);
        // A share of the data is trained on in one go; epochs go on where they stood.
        for (var step = ladder.Kind == StepKind.Epochs ? afterStep + 1 : last; step <= last; step++) yield return (step, curve.At(step));
    }
}
