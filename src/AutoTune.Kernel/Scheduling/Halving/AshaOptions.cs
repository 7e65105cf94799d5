namespace AutoTune.Scheduling;

/// <summary>How <c>UseAsha</c> halves: the rungs lie at MinBudget, MinBudget · Reduction, MinBudget · Reduction² and so on, below MaxBudget.</summary>
public sealed record AshaOptions
{
    /// <summary>The step of the first rung: how many steps every trial may do; 1 or more. Default 1.</summary>
    public int MinBudget { get; init; } = 1;

    /// <summary>How many steps a trial has that nobody ends early; above MinBudget. Default null: the count of the study's steps, as <c>WithEpochs</c> said it.</summary>
    public int? MaxBudget { get; init; }

    /// <summary>One in how many goes on from rung to rung (the paper's η); 2 or more. Default 3.</summary>
    public int Reduction { get; init; } = 3;

    /// <summary>Whether trials are stopped or paused. Default null: stopped, but paused where the steps are growing samples or lengths, which cannot be stopped half way.</summary>
    public AshaForm? Form { get; init; }

    /// <summary>The scheduler of the stopping form, for packages whose own schedulers build on it.</summary>
    /// <param name="maxBudget">How many steps a whole trial has.</param>
    public IScheduler CreateStopping(int maxBudget) => new StoppingAsha(BudgetLadder.Geometric(MinBudget, maxBudget, Reduction), Reduction);

    /// <summary>The steps where trials are compared, lowest first: MinBudget and its multiples by Reduction below a budget.</summary>
    /// <param name="maxBudget">How many steps a whole trial has.</param>
    public int[] RungsBelow(int maxBudget)
    {
        var ladder = BudgetLadder.Geometric(MinBudget, maxBudget, Reduction);
        return [.. Enumerable.Range(0, ladder.Count - 1).Select(rung => ladder[rung])];
    }
}
