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

    /// <summary>One whole trial, the bracket with the most trials, and then another scheduler: an opening for packages whose own schedulers build on it.</summary>
    /// <param name="maxBudget">How many steps a whole trial has; above MinBudget.</param>
    /// <param name="trialLimit">How many trials the study starts; null: no such limit.</param>
    /// <param name="then">What starts and judges all later trials. It observes those of the opening, too.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBudget"/> is not above MinBudget.</exception>
    /// <exception cref="InvalidOperationException">StartsAnew or MaxBudget is set: an opening resumes its trials, and is told how many steps a whole one has.</exception>
    public IScheduler CreateOpening(int maxBudget, int? trialLimit, IScheduler then)
    {
        ArgumentNullException.ThrowIfNull(then);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxBudget, MinBudget);
        if (StartsAnew || MaxBudget is not null)
            throw new InvalidOperationException($"An opening resumes its trials, and {nameof(maxBudget)} says how many steps a whole one has; leave {nameof(StartsAnew)} and {nameof(MaxBudget)} of {nameof(HyperbandOptions)} out.");
        return new HyperbandScheduler(new HyperbandBrackets(MinBudget, maxBudget, Reduction), trialLimit, mayBeCutShort: true, then);
    }
}
