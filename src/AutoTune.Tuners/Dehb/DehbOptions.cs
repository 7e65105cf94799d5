namespace AutoTune.Tuners.Dehb;

/// <summary>How <see cref="DehbExtensions.UseDehb{T}"/> evolves, and the budgets of its brackets.</summary>
public sealed record DehbOptions
{
    /// <summary>The fewest steps a trial may get; 1 or more. Default 1.</summary>
    public int MinBudget { get; init; } = 1;

    /// <summary>How many steps a whole trial has; above MinBudget. Default null: the count of the study's steps, as <c>WithEpochs</c> said it.</summary>
    public int? MaxBudget { get; init; }

    /// <summary>One in how many goes on from rung to rung (η); 2 or more. Default 3.</summary>
    public int Reduction { get; init; } = 3;

    /// <summary>How far a child lies from its parent along the difference of two others (F), above 0 and at most 2. Default 0.5 (the paper's).</summary>
    public double DifferentialWeight { get; init; } = 0.5;

    /// <summary>How likely each hyperparameter is the mutant's rather than the target's (p), from 0 to 1. Default 0.5 (the paper's).</summary>
    public double CrossoverRate { get; init; } = 0.5;

    internal DehbOptions Validated()
    {
        new OptionRules(nameof(DehbOptions))
            .Demand(DifferentialWeight is > 0 and <= 2, nameof(DifferentialWeight), DifferentialWeight, "above 0 and at most 2")
            .Demand(CrossoverRate is >= 0 and <= 1, nameof(CrossoverRate), CrossoverRate, "from 0 to 1")
            .Check();
        return this;
    }
}
