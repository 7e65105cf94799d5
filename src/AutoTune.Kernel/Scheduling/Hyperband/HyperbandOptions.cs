namespace AutoTune.Scheduling;

/// <summary>How <c>UseHyperband</c> forms its brackets; the budgets are MaxBudget / Reduction^k, rounded, as far down as MinBudget.</summary>
public sealed record HyperbandOptions
{
    /// <summary>The fewest steps a trial may get; 1 or more. Default 1.</summary>
    public int MinBudget { get; init; } = 1;

    /// <summary>How many steps a whole trial has (the paper's R); above MinBudget. Default null: the count of the study's steps, as <c>WithEpochs</c> said it.</summary>
    public int? MaxBudget { get; init; }

    /// <summary>One in how many goes on from rung to rung (the paper's η); 2 or more. Default 3.</summary>
    public int Reduction { get; init; } = 3;

    /// <summary>
    /// Whether the trials of a higher rung are new ones, for a tuner that forms them from the results of the rung below, rather than its best resumed. A
    /// trial then ends at its budget, and need not be able to resume. Default false; DEHB's tuner sets it.
    /// </summary>
    public bool StartsAnew { get; init; }

    /// <summary>What messages call it: the method that the user chose. Default "Hyperband"; BOHB's and DEHB's verbs set theirs.</summary>
    public string Name { get; init; } = "Hyperband";
}
