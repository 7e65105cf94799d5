namespace AutoTune;

/// <summary>What the steps of a trial are, as far as the study's definition says it: how many, and what it means to go on.</summary>
/// <param name="Count">How many steps a trial has that nobody ends early; 1 or more.</param>
/// <param name="Kind">What a step is.</param>
/// <remarks>Immutable. Said by <c>WithEpochs</c>, <c>WithRepeats</c>, <c>WithSamples</c> or <c>WithLengths</c>; a scheduler that needs no more than reports can do without.</remarks>
public sealed record TrialSteps(int Count, StepKind Kind)
{
    /// <summary>Whether a trial that was paused goes on where it stood: the objective saves a checkpoint when it is asked to pause, and keeps to its budget.</summary>
    public bool CanResume { get; init; }
}

/// <summary>The kinds of steps.</summary>
public enum StepKind
{
    /// <summary>Steps of one training: epochs, iterations, trees. The report of a step is the loss of the model so far, and the last step's is the trial's.</summary>
    Epochs,

    /// <summary>The same evaluation again, such as folds or seeds: the report of a step is the mean over the steps so far, and comes closer to the trial's value with each.</summary>
    Repeats,

    /// <summary>
    /// Each step is a training of its own on that share of the data, <c>step / Count</c>: a trial with a budget goes straight to that step and reports
    /// it alone, and one that goes on begins its training anew.
    /// </summary>
    Samples,

    /// <summary>
    /// Each step is a training of its own of that length: a trial with a budget plans for just so many steps, goes through all of them, and reports the last; one that goes on
    /// begins its training anew.
    /// </summary>
    Lengths,
}
